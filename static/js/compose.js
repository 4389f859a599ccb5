// What is half written is kept on this device until it is sent; Ctrl+Enter sends;
// nothing is sent twice.
import { newKey } from "./key.js";
import { note, say } from "./words.js";

const who = document.body.dataset.who ?? "";
const name = (field) => `draft:${who}:${new URL(field.form.action).pathname}:${field.dataset.draft}`;
const fields = (root) => [...root.querySelectorAll("[data-draft]")];

/** Drafts are a comfort: a browser that keeps nothing must not get in the way. On a shared device there are none. */
function store(act) {
  try {
    return "shared" in document.body.dataset ? null : act();
  } catch {
    return null;
  }
}

/** Forgets what was half written in a form. */
export function forget(form) {
  for (const f of fields(form)) store(() => localStorage.removeItem(name(f)));
}

/** Brings back what was half written in the forms inside root. */
export function restore(root = document) {
  for (const field of fields(root)) {
    const kept = store(() => localStorage.getItem(name(field)));
    const failed = field.form.querySelector(".fault"); // the server kept what was typed
    if (!kept || failed || kept === field.value) continue;
    const before = field.value;
    field.value = kept;
    field.after(
      note(say("restored"), say("discard"), (line) => {
        field.value = before;
        store(() => localStorage.removeItem(name(field)));
        line.remove();
        field.focus();
      }),
    );
  }
}

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.draft) return;
  const empty = target.value === target.defaultValue || !target.value.trim();
  store(() => (empty ? localStorage.removeItem(name(target)) : localStorage.setItem(name(target), target.value)));
});

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
  if (form.action.endsWith("/signout")) {
    store(() => Object.keys(localStorage).filter((k) => k.startsWith(`draft:${who}:`)).forEach((k) => localStorage.removeItem(k)));
  }
  const names = fields(form).map(name);
  if (names.length) store(() => sessionStorage.setItem("sent", JSON.stringify(names)));
  const button = event.submitter;
  if (button) setTimeout(() => (button.disabled = true)); // after its value was sent
});

// A page that Back brings comes as it was: its forms may be sent again, but not
// with the words that were taken already, whose draft is gone.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    const taken = fields(form).filter((f) => f.value !== f.defaultValue && store(() => localStorage.getItem(name(f))) === null);
    for (const field of taken) field.value = field.defaultValue;
    if (taken.length) form.elements.key.value = newKey();
    delete form.dataset.sent;
    form.querySelectorAll("button[disabled]").forEach((b) => (b.disabled = false));
  }
});

// A form that worked redirects. Only then are its drafts forgotten: not when it
// came back with a fault, nor when the connection failed or the session had ended.
const [arrival] = performance.getEntriesByType("navigation");
const sent = store(() => JSON.parse(sessionStorage.getItem("sent")));
if (sent && arrival?.type === "navigate" && arrival.redirectCount > 0 && location.pathname !== "/signin") {
  sent.forEach((k) => store(() => localStorage.removeItem(k)));
}
store(() => sessionStorage.removeItem("sent"));
restore();
