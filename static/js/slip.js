// New comments stand where they belong, but never push away what one is reading:
// where they would, they wait behind a button that takes no room of its own.
import { announce, elsewhere } from "./announce.js";
import { join } from "./join.js";
import { show } from "./spot.js";
import { refresh } from "./times.js";
import { arrived } from "./unread.js";
import { say } from "./words.js";

const waiting = new Map(); // comments that are not on the page yet, by id

/** A comment on the page, or one that waits. */
export const find = (id) => document.getElementById(id) ?? waiting.get(id);

/** Whether a comment can be put in without moving anything that is looked at. */
function harmless(parent, thread, first) {
  if (parent?.closest("details:not([open])") || parent?.querySelector(":scope > .branch:not([open])")) return true;
  const box = (parent ?? thread).getBoundingClientRect();
  const at = first ? (parent?.querySelector(":scope > .said") ?? thread).getBoundingClientRect()[parent ? "bottom" : "top"] : box.bottom;
  if (at >= innerHeight) return true;
  const composing = document.querySelector("#comment")?.contains(document.activeElement);
  return !first && !composing && at >= thread.getBoundingClientRect().bottom - 1; // nothing but the form stands below
}

/** The branches around a comment count it. */
function count(el) {
  for (let up = el.parentElement; (up = up?.closest("details.branch")); up = up.parentElement) {
    const summary = up.firstElementChild;
    const text = summary.firstChild;
    text.data = text.data.replace(/\d+/, (n) => Number(n) + 1);
    if (!up.open) summary.dataset.news = Number(summary.dataset.news ?? 0) + 1;
  }
}

const parentOf = (el) => el.dataset.parent && find("c" + el.dataset.parent);

function put(el, thread, first) {
  refresh(el);
  join(el, thread, parentOf(el), first);
  count(el);
  document.querySelector(".discussion > .empty")?.remove();
}

/** The button for what waits: in the comment's own line, or beside the thread. */
function button(parent, thread, first) {
  const place = parent?.querySelector(":scope > .said > .act") ?? document.getElementById("arrivals");
  const old = place.querySelector(".arrived");
  if (old) return old;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "arrived";
  made.held = [];
  made.addEventListener("click", () => {
    made.remove();
    for (const el of made.held) {
      waiting.delete(el.id);
      put(el, thread, first);
    }
    show(made.held[0]);
  });
  place.append(made);
  return made;
}

function hold(el, parent, thread, first) {
  waiting.set(el.id, el);
  if (parent && !parent.isConnected) return join(el, thread, parent, first); // in one that waits itself
  const b = button(parent, thread, first);
  b.held.push(el);
  const [one, many] = parent ? ["oneReply", "manyReplies"] : ["oneComment", "manyComments"];
  b.dataset.n = b.held.length;
  b.textContent = say(b.held.length === 1 ? one : many, String(b.held.length));
}

/** Takes in a comment that was written just now. */
export function slipIn(el, thread, mine) {
  const first = thread.dataset.sort === "newest";
  const parent = parentOf(el);
  if (!parent && (el.dataset.parent || (document.querySelector('a[data-more="thread"]') && !first))) {
    return mine || elsewhere(el);
  }
  if (mine) return put(el, thread, first);
  el.classList.add("unread");
  harmless(parent, thread, first) && parent?.isConnected !== false ? put(el, thread, first) : hold(el, parent, thread, first);
  arrived();
  announce(el);
}
