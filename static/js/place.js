// Puts what a live frame brings where it belongs. What somebody is using is never
// taken away under their hands: a quiet note says that it was changed.
import { find, slipIn } from "./slip.js";
import { elements } from "./part.js";
import { react } from "./react.js";
import { refresh } from "./times.js";
import { note, say, tell } from "./words.js";

const me = document.body.dataset.who;

/** Whether something inside root would be lost with it: half typed, ticked for an answer, or on its way here. */
export function typed(root = document) {
  const all = (those) => [...root.querySelectorAll(those)];
  return (
    all("textarea, input[type=text]:not([readonly]), input[type=search]").some(
      (field) => field.value.trim() && (field.value !== field.defaultValue || field.form?.querySelector(".fault")),
    ) ||
    all("[name=cites]").some((box) => box.checked !== box.defaultChecked) ||
    all(".attached progress").length > 0
  );
}

const used = (el) => el.contains(document.activeElement) || typed(el);

function changed(el) {
  if (el.nextElementSibling?.matches(".note")) return;
  el.after(note(say("updated"), say("reload"), () => location.reload()));
}

export function swap(old, el) {
  if (used(old)) return changed(old);
  refresh(el);
  old.replaceWith(el);
}

function comment(el, old, frame) {
  const thread = document.getElementById("thread");
  if (old) {
    old.classList.toggle("cited", el.matches(".cited"));
    const [was, said] = [old.querySelector(":scope > .said"), el.querySelector(".said")];
    const waiting = was.querySelector(".arrived"); // replies behind a button must stay in reach
    if (waiting && !used(was)) (said.querySelector(".act") ?? said).append(waiting);
    return swap(was, said);
  }
  if (thread && frame.kind === "comment.added") slipIn(el, thread, String(frame.actor?.id) === me);
}

function row(el, old, frame) {
  const list = document.getElementById("ideas");
  if (old) {
    const news = old.querySelector(":scope > .news");
    if (news) el.append(news);
    const up = el.matches(".pinned") && !old.matches(".pinned");
    swap(old, el);
    return up && el.isConnected && list?.prepend(el);
  }
  if (!list || !/^idea.(added|restored|unmerged|relocated)$/.test(frame.kind) || !["growing", "new"].includes(list.dataset.sort) || !["", "new"].includes(list.dataset.stage)) return;
  refresh(el);
  el.classList.add("fresh");
  list.insertBefore(el, list.querySelector(":scope > :not(.pinned)"));
  list.parentElement.querySelector(".empty")?.remove();
  if (frame.kind === "idea.added" && String(frame.actor?.id) !== me) tell(say("newIdea", el.querySelector("h3").textContent.trim()));
}

/** Puts every part of a frame in its place. */
export function place(frame) {
  for (const el of elements(frame.html ?? "")) {
    const old = el.id && find(el.id);
    if (el.matches(".comment")) comment(el, old, frame);
    else if (el.matches(".row")) row(el, old, frame);
    else if (el.matches(".res")) react(el);
    else if (el.matches(".draft-now")) old && import("./answer.js").then(({ drafted }) => drafted(el, old, { refresh, note, say, tell }));
    else if (old) swap(old, el);
  }
}
