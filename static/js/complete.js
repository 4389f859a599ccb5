// "@" offers people and "#" ideas while one types: those that the server lets one see.
import { below } from "./caret.js";
import { elements } from "./part.js";
import { replace } from "./insert.js";
import { tell } from "./words.js";

const pause = 120; // ms
const where = ({ dataset } = {}) => dataset?.compose ?? dataset?.calls;
const begun = /(?:^|[^\p{L}\p{N}@#&/.+=%\\])([@#])([\p{L}\p{N}][\p{L}\p{N}.'-]{0,39}|)$/u;
const further = /(?:^|[^\p{L}\p{N}@#&/.+=%\\])([@#])([\p{L}\p{N}][\p{L}\p{N}.' -]{0,59})$/u; // with spaces, while there is something to choose
let field, list; // while something is offered
let [from, long] = [0, 0]; // where the mark stands, and how much was typed of it
let [waiting, asked] = [0, new AbortController()];

function close() {
  clearTimeout(waiting);
  asked.abort();
  list?.remove();
  for (const name of ["aria-controls", "aria-activedescendant", "aria-haspopup", "aria-autocomplete"]) field?.removeAttribute(name);
  field = list = undefined;
}

/** Whether one went on to write elsewhere than at the end of the mark. */
const away = () => field.selectionStart !== from + long || field.selectionEnd !== from + long;

function choose(option) {
  for (const o of list.children) o.ariaSelected = String(o === option);
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const to = field;
  replace(to, from, from + long, `${option.dataset.insert} `);
  close();
  to.focus();
}

async function ask(target, q, at) {
  asked.abort();
  asked = new AbortController();
  let found;
  try {
    const answer = await fetch(`/complete?${new URLSearchParams({ q })}&${where(target)}`, { signal: asked.signal });
    if (answer.ok) [found] = elements(await answer.text());
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  if (target.value.slice(at, target.selectionEnd) !== q) return; // one typed on meanwhile
  close();
  if (!found?.children.length || document.activeElement !== target) return;
  [field, list, from, long] = [target, found, at, q.length];
  const about = { autocomplete: "list", haspopup: "listbox", controls: list.id };
  for (const name in about) field.setAttribute(`aria-${name}`, about[name]);
  field.after(list);
  list.style.insetBlockStart = `${below(field, at)}px`;
  choose(list.firstElementChild);
  tell(list.dataset.told);
}

document.addEventListener("input", ({ target }) => {
  if (!where(target)) return;
  clearTimeout(waiting);
  const typed = target.value.slice(0, target.selectionStart);
  const mark = begun.exec(typed) ?? (list && field === target && further.exec(typed));
  if (!mark) return close();
  const q = mark[1] + mark[2];
  const at = typed.length - q.length;
  if (list && at !== from) close();
  long = q.length;
  waiting = setTimeout(() => ask(target, q, at), pause);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!list || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (away()) return close();
    const options = [...list.children];
    const here = options.findIndex((o) => o.ariaSelected === "true");
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 + options.length }[event.key];
    if (to !== undefined) choose(options[to % options.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(options[here]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Enter goes on with no list, and Escape closes nothing else
  },
  { capture: true },
);

const pointed = (event) => list && event.target.closest?.("#completions [role=option]");
document.addEventListener("pointerdown", (event) => {
  if (pointed(event)) event.preventDefault(); // the field keeps the focus, and a phone its keyboard
  else if (list && event.target !== field) close();
});
document.addEventListener("click", (event) => pointed(event) && take(pointed(event))); // a thumb that scrolls does not click
document.addEventListener("selectionchange", () => list && away() && close());
document.addEventListener("focusout", ({ target }) => target === field && close());
