// Tools and keys for Markdown, in every composer: also those that come later.
import { insert, replace } from "./insert.js";

const around = { bold: "**", italic: "_", code: "`" };
const before = { list: "- ", quote: "> " };
const keys = { b: "bold", i: "italic", k: "link" };

/** Puts a mark around what is chosen, or takes it away where it stands already. */
function wrap(field, mark, word) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const n = mark.length;
  const chosen = value.slice(start, end);
  if (mark === "`" && chosen.includes("\n")) return insert(field, "```\n", "\n```");
  if (value.slice(start - n, start) === mark && value.slice(end, end + n) === mark) {
    replace(field, start - n, end + n, chosen);
    return field.setSelectionRange(start - n, end - n);
  }
  insert(field, mark, mark, word);
}

/** Begins the lines chosen with a mark, or takes it away where each has it. */
function lines(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const to = (value.indexOf("\n", end) + 1 || value.length + 1) - 1;
  const list = value.slice(from, to).split("\n");
  const all = list.every((line) => line.startsWith(mark));
  const text = list.map((line) => (all ? line.slice(mark.length) : mark + line)).join("\n");
  replace(field, from, to, text);
  if (start === end) field.setSelectionRange(from + text.length, from + text.length);
  else field.setSelectionRange(from, from + text.length);
}

/** Makes a link: of an address its words are chosen next, of words the address. */
function link(field, word) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end);
  const to = /^https?:\S+$/.test(chosen) ? chosen : "https://";
  const words = chosen && to !== chosen ? chosen : word;
  replace(field, start, end, `[${words}](${to})`);
  const at = words === word ? start + 1 : start + words.length + 3;
  field.setSelectionRange(at, at + (words === word ? words : to).length);
}

function act(field, name, tool) {
  const word = (tool?.ariaLabel ?? "").toLowerCase();
  field.focus();
  if (around[name]) wrap(field, around[name], word);
  else if (before[name]) lines(field, before[name]);
  else link(field, word);
}

const toolOf = (field, name) => field.parentElement.querySelector(`[data-mark="${name}"]`);

document.addEventListener("click", ({ target }) => {
  const tool = target.closest?.("[data-mark]");
  const field = tool?.closest(".pad").querySelector("[data-compose]");
  if (field) act(field, tool.dataset.mark, tool);
});

/** Enter goes on with a list or a quote; on an empty item it ends it. */
function goOn(field) {
  const { selectionStart: at, selectionEnd: end, value } = field;
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const item = /^(\s*)(?:([-*+])|(\d{1,4})([.)])|(>)) (?:\[[ xX]\] )?/.exec(value.slice(from, at));
  if (at !== end || !item) return false;
  const [mark, indent, bullet, number, point, quote] = item;
  if (!value.slice(from + mark.length, value.indexOf("\n", at) + 1 || undefined).trim()) replace(field, from, at, "");
  else {
    const task = /\[[ xX]\] $/.test(mark) ? "[ ] " : "";
    replace(field, at, at, `\n${indent}${bullet ?? quote ?? Number(number) + 1 + point} ${task}`);
  }
  return true;
}

/** Arrows lead from tool to tool, and Tab past them. */
function rove(event) {
  const list = [...event.target.closest(".tools").querySelectorAll("button, input")];
  const here = list.indexOf(event.target);
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1 + list.length, Home: 0, End: list.length - 1 }[event.key];
  if (to === undefined) return false;
  const next = list[to % list.length];
  for (const tool of list) tool.tabIndex = tool === next ? 0 : -1;
  next.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const { target: field, key } = event;
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  let done = false;
  if (field.closest?.(".tools")) done = rove(event);
  else if (!field.matches?.("[data-compose]") || event.shiftKey) return;
  else if (event.ctrlKey || event.metaKey) {
    const name = keys[key.toLowerCase()];
    if ((done = Boolean(name))) act(field, name, toolOf(field, name));
  } else if (key === "Enter") done = goOn(field);
  if (done) event.preventDefault();
});
