// A vote shows at once; when the server does not take it, the form itself is sent
// so that the reader sees why.
import { newKey } from "./key.js";
import { keep } from "./outbox.js";
import { show } from "./voted.js";

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
    if (!(await keep(form))) return show(form, !wanted); // no connection: offline.js says so
    answer = { type: "opaqueredirect" }; // taken, if not by the server yet
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
