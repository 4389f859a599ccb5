// Shows what waits to be sent, or was refused, in its place.
import { ask } from "./device.js";
import { show } from "./voted.js";
import { bar, note, say } from "./words.js";

const refusal = (item) => say("refused", item.reason || say("late"));
const shown = (item) => document.getElementById(`w${item.id}`);

function drop(item) {
  ask("drop", { id: item.id });
  shown(item)?.remove();
}

/** Puts a refused comment back where it can be written on. */
function back(item) {
  const comment = document.getElementById(`c${item.parent}`);
  comment?.querySelector(":scope > .said a.reply")?.click();
  const field = (comment || document).querySelector('textarea[name="body"]:not([readonly])');
  if (!field) return;
  field.value = (field.value ? field.value + "\n\n" : "") + item.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
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
  const line = note(item.refused ? refusal(item) : say("waiting"), say(item.refused ? "discard" : "cancel"), () => drop(item));
  if (item.refused) {
    line.setAttribute("role", "alert");
    if (document.querySelector('textarea[name="body"]')) line.append(note("", say("again"), () => back(item)).lastChild);
  }
  made.append(text, line);
  return made;
}

/** Shows something where it belongs; other pages say that there is something to see. */
export function place(item) {
  if (item.vote) return vote(item, item.vote === "vote", true);
  const list = document.querySelector("#unsent ul");
  if (!list && location.pathname !== `/ideas/${item.idea}`) {
    return item.refused && bar(refusal(item), say("open"), () => location.assign(`/ideas/${item.idea}#waiting`));
  }
  shown(item)?.remove();
  const made = box(item, list ? "li" : "div");
  const form = document.getElementById("comment");
  const parent = item.parent && document.querySelector(`#c${item.parent} > .said`);
  if (list) {
    list.append(made);
    list.parentElement.hidden = false;
  } else if (parent) parent.after(made);
  else if (form) form.before(made);
  else document.getElementById("main").append(made);
  if (location.hash === "#waiting") made.scrollIntoView({ block: "center" });
}

/** Shows what became of something: the server took it, or not. */
export function settle(item, sent) {
  if (item.vote) vote(item, (item.vote === "vote") === sent, false);
  if (sent) return shown(item)?.remove();
  if (item.vote) bar(refusal(item), say("reload"), () => location.reload());
  else place(item);
}
