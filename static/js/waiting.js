// Shows what waits to be sent, or was refused, in its place.
import { ask } from "./device.js";
import { show } from "./voted.js";
import { bar, note, say } from "./words.js";

const refusal = (item) => say("refused", item.reason || say("late"));
const shown = (item) => document.getElementById(`w${item.id}`);

const list = document.querySelector("#unsent ul");

/** Takes away what does not wait any more. */
function clear(item) {
  shown(item)?.remove();
  if (list) list.parentElement.hidden = !list.children.length;
}

function drop(item) {
  ask("drop", { id: item.id });
  clear(item);
}

const forms = (item) => [...document.querySelectorAll(`form[action^="/ideas/${item.idea}/comments"]`)];
const field = (item, parent) => forms(item).find((form) => form.elements.parent_id.value === parent && !form.elements.body.readOnly)?.elements.body;
const opener = (item) => document.getElementById("reply-form") && document.querySelector(`#c${item.parent || 0} > .said a.reply`);

/** Whether there is a field to put a comment back in: where it was written or, the comment it replied to gone, the one for comments. */
const may = (item) => field(item, item.parent) ?? opener(item) ?? field(item, "");

/** Puts a comment back where it can be written on. */
function back(item) {
  if (!field(item, item.parent)) opener(item)?.click();
  const to = field(item, item.parent) ?? field(item, "");
  if (!to) return;
  to.value = (to.value ? to.value + "\n\n" : "") + item.text;
  to.dispatchEvent(new Event("input", { bubbles: true }));
  to.focus();
  drop(item);
}

function vote(item, voted, marked) {
  const form = document.querySelector(`form.vote[data-idea="${item.idea}"]`);
  if (!form) return;
  show(form, voted);
  form.action = form.action.replace(/[^/]+$/, voted ? "unvote" : "vote");
  form.toggleAttribute("data-waiting", marked);
}

function box(item, tag) {
  const made = document.createElement(tag);
  made.id = `w${item.id}`;
  made.className = "pending card";
  const text = document.createElement("p");
  text.textContent = item.text;
  const sure = (line) => line.replaceWith(note(say("erased"), say("discard"), () => drop(item)));
  const cancel = (line) => (item.refused ? drop(item) : may(item) ? back(item) : sure(line));
  const line = note(item.refused ? refusal(item) : say("waiting"), say(item.refused ? "discard" : "cancel"), cancel);
  if (item.refused) {
    line.setAttribute("role", "alert");
    if (may(item)) line.append(note("", say("again"), () => back(item)).lastChild);
  }
  made.append(text, line);
  return made;
}

/** Shows something where it belongs; other pages say that there is something to see. */
export function place(item) {
  if (item.vote) return vote(item, item.vote === "vote", true);
  const [form] = forms(item);
  if (!list && !form && location.pathname !== `/ideas/${item.idea}`) {
    return item.refused && bar(refusal(item), say("open"), () => location.assign(`/ideas/${item.idea}#waiting`));
  }
  const old = shown(item);
  if (old?.refused === item.refused && old) return; // a button one is about to press stays
  old?.remove();
  const made = box(item, list ? "li" : "div");
  made.refused = item.refused;
  const parent = item.parent && document.querySelector(`#c${item.parent} > .said`);
  if (list) {
    list.append(made);
    list.parentElement.hidden = false;
  } else if (parent) parent.after(made);
  else if (form) (document.getElementById("comment") ?? form).before(made);
  else document.getElementById("main").append(made);
  if (location.hash === "#waiting") made.scrollIntoView({ block: "center" });
}

/** Shows what became of something: the server took it, or not. */
export function settle(item, sent) {
  if (item.vote) vote(item, (item.vote === "vote") === sent, false);
  if (sent) return clear(item);
  if (item.vote) bar(refusal(item), say("reload"), () => location.reload());
  else place(item);
}
