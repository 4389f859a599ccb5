// What is new, one after the other: the link in the headline of the thread and the
// key "u" lead to the next, and go on to the piece where the rest stands.
import { show } from "./spot.js";
import { say } from "./words.js";

const link = document.getElementById("unread");
const number = () => Number(link.textContent.replace(/\D/g, ""));
let last; // where one went before

/** Counts what came in while the page is open. */
export function arrived(n = 1) {
  if (!link) return;
  const all = (link.hidden ? 0 : number()) + n;
  link.hidden = false;
  link.textContent = say(all === 1 ? "oneNew" : "manyNew", String(all));
}

link?.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const fresh = [...document.querySelectorAll("#thread .comment.unread")];
  const after = (el) => last.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
  const next = last?.isConnected ? fresh.find(after) : fresh[0];
  const { further } = link.dataset;
  if (!next && further) return location.assign(further);
  last = next ?? fresh[0];
  event.preventDefault();
  event.stopPropagation();
  if (last) show(last);
  else document.querySelector(".arrived")?.click();
});
