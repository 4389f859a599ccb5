// "Preview" shows the text in place of the field, as the server renders it, and back.
import { elements } from "./part.js";
import { note, say } from "./words.js";

const shown = new WeakMap(); // the preview of a field, while it is there

function back(button, field) {
  shown.get(field).remove();
  shown.delete(field);
  field.parentElement.classList.remove("shut");
  button.textContent = button.dataset.preview;
  field.focus();
}

async function show(button, field) {
  const answer = await fetch("/preview", { method: "POST", body: new URLSearchParams({ body: field.value }) });
  if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
  const [part] = elements(await answer.text());
  if (!part?.matches(".preview")) throw new Error("no preview");
  part.removeAttribute("id");
  field.parentElement.classList.add("shut");
  field.after(part);
  shown.set(field, part);
  button.dataset.preview = button.textContent;
  button.textContent = say("write");
  part.focus({ preventScroll: true });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-preview]");
  const field = button?.form.querySelector("[data-compose]");
  if (!field) return;
  event.preventDefault();
  if (button.ariaBusy === "true") return;
  if (shown.has(field)) return back(button, field);
  if (!field.value.trim()) return field.focus(); // nothing to look at
  button.ariaBusy = "true";
  field.form.querySelector(".no-preview")?.remove();
  try {
    await show(button, field);
  } catch {
    const line = note(say("noPreview"), say("close"), () => line.remove());
    line.classList.add("no-preview");
    line.setAttribute("role", "alert");
    button.closest(".send").before(line);
  }
  button.ariaBusy = null;
});
