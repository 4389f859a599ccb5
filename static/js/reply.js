// "Reply" opens a form under the comment instead of its own page.
import { drafts, forget, restore } from "./draft.js";
import { newKey } from "./key.js";

const template = document.getElementById("reply-form");
const most = 3; // replies that come back by themselves

/** The place under a comment for what is opened there, made anew. */
export function under(comment, kind) {
  const said = comment.querySelector(":scope > .said");
  comment.querySelector(`:scope > .here.${kind}`)?.remove();
  const here = document.createElement("div");
  here.className = `here ${kind}`;
  said.after(here);
  return here;
}

function open(comment, parent) {
  const form = document.importNode(template.content, true).querySelector("form");
  form.elements.key.value = newKey();
  form.elements.parent_id.value = parent;
  const { body } = form.elements;
  body.dataset.draft = `comment-${parent}`;
  body.id = `reply-${parent}`; // several may be open
  form.querySelector("label").htmlFor = body.id;
  const here = under(comment, "replying");
  here.append(form);
  restore(here);
  const close = () => {
    here.remove();
    comment.querySelector(":scope > .said a.reply")?.focus();
  };
  form.querySelector("[data-cancel]").addEventListener("click", () => {
    forget(form);
    close();
  });
  form.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  return body;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.reply");
  if (!link || !template || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const comment = link.closest(".comment");
  event.preventDefault();
  const field = comment.querySelector(":scope > .replying textarea");
  if (field) field.focus();
  else open(comment, comment.id.slice(1)).focus();
});

// A reply that was half written when the page went away comes back where it was.
const path = template?.content.querySelector("form").getAttribute("action").split("?")[0];
const begun = path ? drafts(path).map((name) => document.getElementById(name.replace("comment-", "c"))) : [];
for (const comment of begun.filter((c) => c?.querySelector(":scope > .said a.reply")).slice(0, most)) open(comment, comment.id.slice(1));
