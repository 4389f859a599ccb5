// Reactions in place: a count pressed adds or takes back one's own, "+" opens the
// five. Which are one's own stands beside the thread, which is the same for all.
import { newKey } from "./key.js";
import { elements, page } from "./part.js";

const main = document.getElementById("main");
const mine = new Set(main?.dataset.mine?.split(" "));
const wanted = new Map(); // what one wants that the server was not told yet, by "34:agree"
const chips = "a.re:not(.add)";

/** What a link or form is about: "34" for a comment, "a5" for an answer. */
const about = (path) => path.replace(/^\/(c|a)\w*\/(\d+).*/, (_, noun, id) => (noun === "a" ? "a" : "") + id);
const here = (id) => document.getElementById(id[0] === "a" ? id : "c" + id)?.querySelector(".act .res");

function mark(root) {
  for (const chip of root.querySelectorAll(chips)) {
    const pressed = String(mine.has(`${about(chip.pathname)}:${chip.classList[1]}`));
    if (chip.ariaPressed === pressed) continue;
    chip.role = "button";
    chip.ariaPressed = pressed;
  }
}

/** Puts reactions as the server rendered them in the place of those shown. What opens the five stays, and so do they. */
export function react(el) {
  const old = here(el.id.slice(3));
  if (!old) return;
  const was = [...old.querySelectorAll(chips)];
  const focused = was.find((chip) => chip === document.activeElement)?.classList[1];
  mark(el);
  was.forEach((chip) => chip.remove());
  old.prepend(...el.querySelectorAll(chips));
  if (focused) (old.querySelector(`a.${focused}`) ?? old.querySelector(".add")).focus();
}

/** Changes one's reaction. One request at a time is on its way for each, and what was wanted last holds. */
async function send(id, kind) {
  const name = `${id}:${kind}`;
  const busy = wanted.has(name);
  wanted.set(name, !(wanted.get(name) ?? mine.has(name)));
  if (busy) return;
  const path = id[0] === "a" ? `/answers/${id.slice(1)}` : `/comments/${id}`;
  try {
    for (let on; (on = wanted.get(name)) !== mine.has(name); ) {
      const answer = await fetch(`${path}/${on ? "react" : "unreact"}`, { method: "POST", body: new URLSearchParams({ kind, part: 1, key: newKey() }) });
      if (!answer.ok) throw new Error(answer.statusText);
      on ? mine.add(name) : mine.delete(name);
      react(elements(await answer.text())[0]);
    }
  } finally {
    wanted.delete(name);
  }
}

async function pick(link) {
  const form = (await page(link.href)).querySelector("form.react");
  if (!form) throw new Error("nothing to do here");
  const panel = document.createElement("div");
  panel.className = "card react-panel";
  panel.popover = "auto";
  panel.append(document.importNode(form, true));
  panel.addEventListener("toggle", ({ newState }) => newState === "closed" && panel.remove());
  link.after(panel);
  panel.showPopover({ source: link });
  panel.querySelector("button").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".act a.re");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const act = link.matches(".add") ? pick(link) : send(about(link.pathname), link.classList[1]);
  act.catch(() => navigator.onLine && location.assign(link.href));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.(".act " + chips)) return;
  event.preventDefault();
  event.target.click();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const panel = form.closest(".react-panel");
  if (!panel) return;
  event.preventDefault();
  const [id, kind] = [about(new URL(form.action).pathname), event.submitter.value];
  here(id)?.querySelector(".add").focus();
  send(id, kind)
    .then(() => panel.isConnected && panel.hidePopover())
    .catch(() => navigator.onLine && location.assign(form.action.replace(/.react$/, "#react")));
});

if (main) {
  mark(main);
  new MutationObserver(() => mark(main)).observe(main, { childList: true, subtree: true });
}
