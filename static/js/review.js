// The review page without turning pages: rows are decided where they stand, by
// keys too, and what other moderators do is seen as they do it.
import { newKey } from "./key.js";
import { elements } from "./part.js";
import { refresh } from "./times.js";
import { tell } from "./words.js";

export const list = document.getElementById("reviews");
const template = document.getElementById("decide-form");
/** The rows that wait. */
export const open = () => [...list.querySelectorAll(":scope > .review:not(.decided)")];
const focus = (row) => row?.querySelector("h3 a, button")?.focus();
let last; // the row decided last

/** Puts a row in the place of another one. */
export function put(row, html) {
  const [el] = elements(html);
  const focused = row.contains(document.activeElement);
  refresh(el);
  row.replaceWith(el);
  if (focused) focus(el);
  return el;
}

/** Sends a decision, or that one is taken back, and puts in the row what came of it. */
async function send(row, address, body) {
  const all = open();
  const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  body.set("part", 1);
  body.set("key", newKey());
  row.dataset.mine = "yes"; // what is heard of it meanwhile does not take the row away
  const answer = await fetch(address, { method: "POST", body, redirect: "manual", headers: { Accept: "text/html" } }).catch(() => {});
  if (!answer) return delete row.dataset.mine; // no connection: offline.js says so
  if (!answer.ok && ![403, 409, 422].includes(answer.status)) return location.reload();
  const html = await answer.text();
  const el = put(document.getElementById(row.id) ?? row, html);
  tell(el.querySelector(".fault, .done")?.textContent ?? "");
  if (!el.matches(".decided")) return focus(el);
  el.dataset.mine = "yes";
  last = el;
  focus(next ?? el);
}

function decide(row, action) {
  row.querySelector(":scope > .decide")?.remove();
  const form = document.importNode(template.content, true).querySelector("form");
  form.action = `/review/${row.id.slice(1)}`;
  form.elements.version.value = row.dataset.version;
  form.elements.do.value = action;
  form.elements.ground.value = row.dataset.ground;
  row.append(form);
  form.querySelector("[data-cancel]").addEventListener("click", () => (form.remove(), focus(row)));
  form.addEventListener("keydown", (event) => event.key === "Escape" && (form.remove(), focus(row)));
  (action === "warn" ? form.elements.note : form.querySelector(".primary")).focus();
}

const acts = {
  x: (row) => row.querySelector("input[type=checkbox]")?.click(),
  o: (row) => row.querySelector("[data-act], .acts a")?.focus(),
  h: (row) => decide(row, "hide"),
  d: (row) => decide(row, "delete"),
  l: (row) => decide(row, "lock"),
  w: (row) => decide(row, "warn"),
  e: (row) => location.assign(`/review/${row.id.slice(1)}?action=edit`),
  v: (row) => location.assign(`/review/${row.id.slice(1)}?action=handover`),
  g: (row) => send(row, `/review/${row.id.slice(1)}/claim`, new URLSearchParams()),
};

// keys.js knows the keys, and whether they are turned on.
addEventListener("act", ({ detail: key }) => {
  if (!list) return;
  if (key === "z") return last?.querySelector("form.undo-decision")?.requestSubmit();
  const row = document.activeElement.closest("#reviews > .review:not(.decided)");
  if (row && !row.querySelector("[data-more-acts]") && !"xgo".includes(key)) return row.querySelector(".acts a")?.focus();
  row ? acts[key](row) : focus(open()[0]);
});

list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const more = event.target.closest("[data-more-acts]");
  const row = (button ?? more)?.closest(".review");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (more) return row.querySelector(":scope > .decide") ? row.querySelector(":scope > .decide").remove() : decide(row, "hide");
  const [id, version, action, ground = ""] = button.value.split(".");
  send(row, `/review/${id}`, new URLSearchParams({ version, do: action, ground }));
});

list?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target.closest(".review"), event.target.action, new URLSearchParams(new FormData(event.target)));
});

document.addEventListener("change", ({ target }) => {
  if (target.name !== "item" || !list) return;
  const n = list.querySelectorAll("[name=item]:checked").length;
  const line = document.querySelector("#many .chosen");
  line.textContent = (n === 0 ? line.dataset.none : n === 1 ? line.dataset.one : line.dataset.many).replace("%s", n);
});
