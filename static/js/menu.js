// "⋯" opens what can be done with a comment under it instead of on its own page.
import { restore } from "./draft.js";
import { page } from "./part.js";
import { under } from "./reply.js";
import { refresh } from "./times.js";

const plain = (event) => !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey;

async function open(comment, link) {
  const actions = (await page(link.href)).getElementById("comment-actions");
  if (!actions) throw new Error("nothing to do here");
  actions.removeAttribute("id");
  actions.querySelector("[data-in-thread]")?.remove();
  const here = under(comment, "menu-here");
  here.append(document.importNode(actions, true));
  restore(here);
  refresh(here);
  here.querySelector("a, summary, button")?.focus();
  here.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    here.remove();
    link.focus();
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("#thread form.cite") || !document.getElementById("answer")) return;
  event.preventDefault();
  (await import("./answer.js")).cite(form);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.dots");
  const comment = link?.closest("#thread .comment");
  if (!comment || !plain(event)) return;
  event.preventDefault();
  const shown = comment.querySelector(":scope > .menu-here");
  if (shown) return shown.remove();
  try {
    await open(comment, link);
  } catch {
    location.assign(link.href);
  }
});
