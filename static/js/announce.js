// Says that somebody wrote, to those who have the page read aloud; and to all where
// the comment does not stand on this page.
import { note, say, tell } from "./words.js";

const pause = 2500; // ms in which what comes is said together
let names = [];

/** Says who wrote, together where many do at once. */
export function announce(el) {
  names.push([el.dataset.parent ? "newReply" : "newComment", el.querySelector(".author")?.textContent]);
  if (names.length > 1) return;
  setTimeout(() => {
    tell(names.length === 1 ? say(...names[0]) : say("manyComments", String(names.length)));
    names = [];
  }, pause);
}

/** Says that a comment stands on another piece, to all, with a way there. */
export function elsewhere(el) {
  document.querySelector("#arrivals > .note")?.remove();
  document.getElementById("arrivals")?.append(note(say("elsewhere"), say("open"), () => location.assign(`/comments/${el.id.slice(1)}/in-thread`)));
  tell(say("elsewhere"));
}
