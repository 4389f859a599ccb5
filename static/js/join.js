// Where a comment stands in its thread: the same for one that comes in as for a
// further piece.
const nested = 5; // levels of replies that stand inside each other, as the server nests them

const listIn = (parent) => parent.querySelector(":scope > ol, :scope > .branch > ol") ?? parent.appendChild(document.createElement("ol"));

/** Puts a comment under its parent, first or last, or at the end of the list. */
export function join(el, thread, parent, first = false) {
  if (!parent) return first ? thread.prepend(el) : thread.append(el);
  const depth = Number(parent.dataset.depth);
  el.dataset.depth = depth + 1;
  el.classList.toggle("mid", depth + 1 > nested - 2 && depth < nested);
  el.classList.toggle("deep", depth >= nested);
  if (depth < nested) return first ? listIn(parent).prepend(el) : listIn(parent).append(el);
  let last = parent; // deep replies follow as neighbours: after all that hang on the parent
  const hang = new Set([parent.id]);
  for (let next = last; (next = next.nextElementSibling) && hang.has("c" + next.dataset.parent); last = next) hang.add(next.id);
  last.after(el);
}
