// Ctrl+Enter sends; nothing is sent twice.
import { forgetAll, kept, sending } from "./draft.js";
import { newKey } from "./key.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const { target } = event;
  if (event.ctrlKey || event.metaKey) {
    const button = target.matches?.("textarea") && target.form?.querySelector("button:not([type])");
    if (button && button.checkVisibility?.() !== false) target.form.requestSubmit(button); // hidden where nothing can be sent
  } else if (target.matches?.("form[method=post] input[data-draft], form.write input[type=text]") && target.form.querySelector("textarea")) {
    event.preventDefault(); // Enter in a title must not publish what is half written
    const stops = [...target.form.elements].filter((el) => el.type !== "hidden" && !el.disabled);
    stops[stops.indexOf(target) + 1]?.focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  if (new URL(form.action).pathname === "/signout") forgetAll();
  sending(form);
  const button = event.submitter;
  if (button) setTimeout(() => (button.disabled = true)); // after its value was sent
});

// A page that Back brings comes as it was: its forms may be sent again, but not
// with the words that were taken already, whose draft is gone.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    const taken = [...form.querySelectorAll("[data-draft]")].filter((f) => f.value !== f.defaultValue && !kept(f));
    for (const field of taken) field.value = field.defaultValue;
    if (taken.length) form.elements.key.value = newKey();
    delete form.dataset.sent;
    form.querySelectorAll("button[disabled]").forEach((b) => (b.disabled = false));
  }
});
