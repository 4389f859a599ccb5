// An idea that is deleted while it is open.
import { say } from "./words.js";

const main = document.getElementById("main");
const { idea } = main?.dataset ?? {};

/** An idea deleted under one's eyes stays readable; what is typed stays, to be copied. */
export function gone(id) {
  if (String(id) !== idea) return document.getElementById(`i${id}`)?.remove();
  dispatchEvent(new Event("stale"));
  const line = document.createElement("p");
  line.className = "locked gone";
  line.setAttribute("role", "alert");
  line.textContent = say("deleted");
  document.querySelector(".idea")?.before(line);
  document.querySelectorAll(".late").forEach((late) => (late.textContent = say("deleted")));
  document.querySelectorAll("form.vote button, .menu form button, .pair button").forEach((b) => main.contains(b) && (b.disabled = true));
}
