// Following shows at once; when the server does not take it, the form itself is sent.
import { newKey } from "./key.js";

function show(form, on) {
  const button = form.querySelector("button");
  button.classList.toggle("on", on);
  button.lastElementChild.textContent = on ? button.dataset.on : button.dataset.off;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form.follow")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const wanted = form.action.endsWith("/follow");
  show(form, wanted);
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
  delete form.dataset.sending;
  if (answer?.type === "opaqueredirect") {
    form.action = form.action.replace(/[^/]+$/, wanted ? "unfollow" : "follow");
    form.elements.key.value = newKey();
  } else {
    show(form, !wanted);
    if (answer) form.submit(); // without a connection offline.js says so
  }
});
