// A vote shows at once; when the server does not take it, the form itself is sent
// so that the reader sees why. The answer says how many voted: another window of
// the reader may have changed that.
import { newKey } from "./key.js";
import { keep } from "./outbox.js";
import { elements } from "./part.js";
import { show } from "./voted.js";

async function send(form) {
  const wanted = form.action.endsWith("/vote");
  show(form, wanted);
  const body = new URLSearchParams(new FormData(form));
  body.set("part", 1);
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (!answer.ok) {
      show(form, !wanted);
      form.submit();
      return;
    }
    form.querySelector(".count").replaceWith(...elements(await answer.text()));
  } catch {
    if (!(await keep(form))) return show(form, !wanted); // no connection: offline.js says so
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
