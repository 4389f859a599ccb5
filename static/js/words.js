// What scripts say stands in the page, in the reader's language.
const words = document.getElementById("words")?.dataset ?? {};
const told = document.getElementById("told");

export const lang = document.documentElement.lang || "en";

/** How dates and numbers are written: 19 November, as the server writes it. */
export const locale = lang === "en" ? "en-GB" : lang;

/** A sentence of the page, %s replaced. */
export function say(name, value = "") {
  return (words[name] ?? "").replace("%s", () => value);
}

/** Says something to those who have the page read aloud, without interrupting. */
export function tell(sentence) {
  if (told) told.textContent = sentence;
}

/** A quiet line with a button. */
export function note(sentence, button, act) {
  const p = document.createElement("p");
  p.className = "note";
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = button;
  b.addEventListener("click", () => act(p));
  p.append(sentence, b);
  return p;
}

/** A bar at the foot of the page, one at most; the way back from a deletion stays. */
export function bar(sentence, button, act) {
  const old = document.querySelector(".bar:not(.undo)");
  if (old?.textContent.startsWith(sentence)) return; // said already
  old?.remove();
  const line = note(sentence, button, act);
  line.className = "bar card";
  line.setAttribute("role", "status");
  line.querySelector("button").className = "btn primary";
  document.body.append(line);
}
