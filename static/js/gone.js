// An idea that is taken away while it is open.
import { entitle } from "./bell.js";
import { typed } from "./place.js";
import { say } from "./words.js";

const main = document.getElementById("main");
const { idea } = main?.dataset ?? {};

/** Takes everything out of el but what is in forms. */
const clear = (el, forms) => [...el.childNodes].forEach((node) => forms.includes(node) || (forms.some((form) => node.contains(form)) ? clear(node, forms) : node.remove()));

/** An idea taken away under one's eyes goes from the page, and from the copy on this device; what is half typed stays, to be copied. */
export function gone(id) {
  const row = document.getElementById(`i${id}`);
  const here = String(id) === idea;
  if (here || row) dispatchEvent(new Event("stale"));
  row?.remove();
  if (!here) return;
  clear(main, [...main.querySelectorAll("form")].filter((form) => typed(form)));
  document.querySelectorAll(".aside").forEach((aside) => aside.remove());
  document.querySelectorAll(".late").forEach((late) => (late.textContent = say("deleted")));
  const line = document.createElement("p");
  line.className = "locked gone";
  line.setAttribute("role", "alert");
  line.textContent = say("deleted");
  main.prepend(line);
  entitle(line.textContent);
}
