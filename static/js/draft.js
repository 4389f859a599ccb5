// What is half written is kept on this device until it is sent.
import { note, say } from "./words.js";

const { who = "", shared } = document.body.dataset;
const mine = `draft:${who}:`;
const name = (field) => `${mine}${new URL(field.form.action).pathname}:${field.dataset.draft}`;
const fields = (root) => [...root.querySelectorAll("[data-draft]")];

/** Drafts are a comfort: a browser that keeps nothing must not get in the way. */
function store(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

// On a device that others use too a draft lasts no longer than its tab.
const shelves = () => [sessionStorage, localStorage];
const read = (key) => store(() => sessionStorage.getItem(key) ?? localStorage.getItem(key));
const write = (key, text) => store(() => (shared === undefined ? localStorage : sessionStorage).setItem(key, text));
const drop = (key) => [key, `${key}:was`].forEach((k) => store(() => shelves().forEach((shelf) => shelf.removeItem(k))));
const keys = (shelf, begin) => Object.keys(shelf).filter((key) => key.startsWith(begin));

/** Whether what a field says is kept. */
export const kept = (field) => read(name(field)) !== null;

/** Forgets what was half written in a form, unless another window went on with it. */
export function forget(form) {
  for (const f of fields(form)) if (read(name(f)) === f.value) drop(name(f));
}

/** Forgets all drafts of who reads here. */
export const forgetAll = () => store(() => shelves().forEach((shelf) => keys(shelf, mine).forEach(drop)));

/** The names of the drafts for an address. */
export const drafts = (path) =>
  store(() => shelves().flatMap((shelf) => keys(shelf, `${mine}${path}:`).map((key) => key.split(":")[3]))) ?? [];

/** Brings back what was half written in the forms inside root, and from which wording it began. */
export function restore(root = document) {
  for (const field of fields(root)) {
    const { form, value: before } = field;
    const draft = read(name(field));
    const failed = form.querySelector(".fault"); // the server kept what was typed
    if (!draft || failed || draft === before) continue;
    const { was } = form.elements;
    const began = was && read(`${name(field)}:was`);
    if (began) {
      form.dataset.was ??= was.value;
      was.value = began;
    }
    field.value = draft;
    field.after(
      note(say("restored"), say("discard"), (line) => {
        field.value = before;
        drop(name(field));
        if (began && !fields(form).some(kept)) was.value = form.dataset.was;
        line.remove();
        field.focus();
      }),
    );
  }
}

/** Notes what a form sends: that is what its drafts are forgotten for once it worked. */
export function sending(form) {
  const sent = fields(form).map((f) => [name(f), f.value]);
  if (sent.length) store(() => sessionStorage.setItem("sent", JSON.stringify(sent)));
}

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.draft) return;
  const key = name(target);
  if (target.value === target.defaultValue || !target.value.trim()) return drop(key);
  write(key, target.value);
  const { was } = target.form.elements;
  if (was) write(`${key}:was`, was.value);
});

// A form that worked redirects. Only then are its drafts forgotten: not when it
// came back with a fault, nor when the connection failed or the session had ended.
const [arrival] = performance.getEntriesByType("navigation");
const sent = store(() => JSON.parse(sessionStorage.getItem("sent")));
if (sent && arrival?.type === "navigate" && arrival.redirectCount > 0 && location.pathname !== "/signin") {
  for (const [key, text] of sent) if (read(key) === text) drop(key);
}
store(() => sessionStorage.removeItem("sent"));
if (who) store(() => keys(sessionStorage, "draft:").forEach((key) => key.startsWith(mine) || sessionStorage.removeItem(key)));
restore();
