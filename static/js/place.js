// Puts what a live frame brings where it belongs. What somebody is using is never
// taken away under their hands: a quiet note says that it was changed.
import { elements } from "./part.js";
import { react } from "./react.js";
import { refresh } from "./times.js";
import { note, say, tell } from "./words.js";

const nested = 5; // levels of replies that stand inside each other, as the server nests them
const me = document.body.dataset.who;

/** Whether something is half typed inside root. */
export function typed(root = document) {
  return [...root.querySelectorAll("textarea, input[type=text]:not([readonly])")].some(
    (field) => field.value.trim() && (field.value !== field.defaultValue || field.form?.querySelector(".fault")),
  );
}

const used = (el) => el.contains(document.activeElement) || typed(el);

function changed(el) {
  if (el.nextElementSibling?.matches(".note")) return;
  el.after(note(say("updated"), say("reload"), () => location.reload()));
}

function swap(old, el) {
  if (used(old)) return changed(old);
  refresh(el);
  old.replaceWith(el);
}

/** Puts a comment under its parent, first or last, or at the end of the list. */
export function join(el, thread, first = false) {
  const parent = el.dataset.parent && document.getElementById("c" + el.dataset.parent);
  if (!parent) thread.append(el);
  else if (Number(parent.dataset.depth) < nested) {
    const list = parent.querySelector(":scope > ol") ?? parent.appendChild(document.createElement("ol"));
    first ? list.prepend(el) : list.append(el);
  } else {
    let last = parent; // deep replies follow as neighbours: after all that hang on the parent
    const hang = new Set([parent.id]);
    for (let next = last; (next = next.nextElementSibling) && hang.has("c" + next.dataset.parent); last = next) hang.add(next.id);
    last.after(el);
  }
}

function comment(el, old, frame) {
  const thread = document.getElementById("thread");
  if (old) return swap(old.querySelector(":scope > .said"), el.querySelector(".said"));
  if (!thread || frame.kind !== "comment.added") return;
  const mine = String(frame.actor?.id) === me;
  const root = !el.dataset.parent;
  const newest = thread.dataset.sort === "newest";
  const unfinished = document.querySelector('a[data-more="thread"]');
  if (root ? unfinished && !newest : !document.getElementById("c" + el.dataset.parent)) {
    if (!mine) tell(say("elsewhere"));
    return;
  }
  refresh(el);
  if (root && newest) thread.prepend(el);
  else join(el, thread, newest);
  document.querySelector(".discussion > .empty")?.remove();
  if (mine) return;
  el.classList.add("new");
  tell(say("newComment", el.querySelector(".author")?.textContent));
}

function row(el, old, frame) {
  const list = document.getElementById("ideas");
  if (old) {
    const news = old.querySelector(":scope > .news");
    if (news) el.append(news);
    return swap(old, el);
  }
  if (!list || frame.kind !== "idea.added" || !["growing", "new"].includes(list.dataset.sort) || !["", "new"].includes(list.dataset.stage)) return;
  refresh(el);
  el.classList.add("fresh");
  list.prepend(el);
  list.parentElement.querySelector(".empty")?.remove();
  if (String(frame.actor?.id) !== me) tell(say("newIdea", el.querySelector("h3").textContent.trim()));
}

/** Puts every part of a frame in its place. */
export function place(frame) {
  for (const el of elements(frame.html ?? "")) {
    const old = el.id && document.getElementById(el.id);
    if (el.matches(".comment")) comment(el, old, frame);
    else if (el.matches(".row")) row(el, old, frame);
    else if (el.matches(".res")) react(el);
    else if (old) swap(old, el);
  }
}
