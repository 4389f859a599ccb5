// A vote shows at once; when the server does not take it, the form itself is sent
// so that the reader sees why.
import { newKey } from "./key.js";
import { locale } from "./words.js";

function show(form, voted) {
  const button = form.querySelector("button");
  const count = form.querySelector(".count b");
  if ((button.ariaPressed === "true") === voted) return;
  button.ariaPressed = String(voted);
  const n = Number(count.textContent.replace(/\D/g, "")) + (voted ? 1 : -1);
  count.textContent = new Intl.NumberFormat(locale).format(n);
}

async function send(form) {
  const wanted = form.action.endsWith("/vote");
  show(form, wanted);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "manual",
    });
  } catch {
    show(form, !wanted); // no connection: offline.js says so
    return;
  }
  if (answer.type !== "opaqueredirect") {
    show(form, !wanted);
    form.submit();
    return;
  }
  form.action = form.action.replace(/[^/]+$/, wanted ? "unvote" : "vote");
  form.elements.key.value = newKey();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.vote")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  await send(form);
  delete form.dataset.sending;
});
