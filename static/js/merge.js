// Ideas that are merged, taken apart or moved, and branches that become ideas: too
// much of a page changes to be sent in frames, so it is read again.
import { page } from "./part.js";
import { place, swap } from "./place.js";
import { say } from "./words.js";

let asked = 0;

/** The parts that a merge changes, as the page has them now; the last one asked for counts. */
async function again(id) {
  const turn = ++asked;
  const now = await page(location.href).catch(() => undefined);
  if (!now || turn !== asked) return;
  for (const part of ["thread", `merged-${id}`, `merged-acts-${id}`, "answers"]) {
    const [old, el] = [document.getElementById(part), now.getElementById(part)];
    if (old && el) swap(old, document.importNode(el, true));
  }
}

/** Whether a frame was of this kind, and is dealt with. */
export function rearranged(frame, idea, reload) {
  const here = String(frame.idea) === idea;
  switch (frame.kind) {
    case "idea.merged":
      if (here) reload(say("merged"));
      else document.getElementById(`i${frame.idea}`)?.remove();
      return true;
    case "idea.relocated":
    case "idea.restored":
      if (here) reload(say("reloadWhy"));
      return here;
    case "idea.absorbed":
    case "idea.released":
    case "comment.split":
      place(frame);
      if (here) again(idea);
      return true;
  }
  return false;
}
