// How many read an idea and how many write to it: numbers, never names. What came
// in while the page was looked at is read; the server is told so on leaving.
import { say } from "./words.js";

const shown = document.getElementById("reading");
const every = 4000; // ms between two words that somebody writes
const lasts = 8000; // ms the server believes it
let readers = 0;
let writers = 0;
let wrote = 0;

function show() {
  const others = writers - (Date.now() - wrote < lasts ? 1 : 0);
  const parts = [];
  if (readers > 1) parts.push(say("reading", String(readers)));
  if (others > 0) parts.push(say(others === 1 ? "oneWrites" : "manyWrite", String(others)));
  shown.hidden = !parts.length;
  shown.textContent = parts.join(" · ");
}

/** Takes in a frame that counts people. */
export function counted({ kind, count }) {
  if (!shown) return;
  kind === "reading" ? (readers = count) : (writers = count);
  show();
}

/** Lets send be called now and then while somebody writes a comment here. */
export function tellWriting(send) {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("form[action*='/comments'] textarea") || Date.now() - wrote < every) return;
    wrote = Date.now();
    send();
  });
}

/** Tells the server on leaving how far the page was read; seen says how far that is. */
export function tellRead(idea, seen) {
  let told = seen();
  document.addEventListener("visibilitychange", () => {
    const upTo = seen();
    if (document.hidden && upTo > told && navigator.sendBeacon(`/ideas/${idea}/read`, new URLSearchParams({ seq: upTo }))) told = upTo;
  });
}
