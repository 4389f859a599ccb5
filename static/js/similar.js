// Ideas like the one whose title is being typed, and like the one that is read.
import { elements } from "./part.js";

const pause = 300; // ms
const shortest = 6; // letters that tell something

/** Puts what the server found into a place, which hides when that is nothing. */
async function fill(place, address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  const [list, ...more] = answer.ok ? elements(await answer.text()) : [];
  const old = place.querySelector(".nearby");
  if (list && old?.textContent === list.textContent) return; // nothing to say again
  old?.remove();
  const none = !list?.children.length && !more.length;
  place.hidden = none && !place.contains(document.activeElement); // nothing vanishes under the focus
  if (!none) place.append(list, ...more);
}

const here = document.querySelector("[data-similar]");
const title = here?.closest("form")?.elements.title;
let waiting;
let asked = new AbortController();

async function ask() {
  asked.abort();
  asked = new AbortController();
  if (title.value.trim().length < shortest) return void (here.hidden = true);
  try {
    await fill(here, `/similar?${new URLSearchParams({ board: here.dataset.similar, title: title.value })}`, asked.signal);
  } catch {} // an offer, no more
}

title?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, pause);
});
if (title?.value) ask(); // a draft that came back

for (const place of document.querySelectorAll("[data-similar-to]")) {
  const near = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      near.disconnect();
      fill(place, `${place.dataset.similarTo}?part=1`).catch(() => {});
    },
    { rootMargin: "300px" },
  );
  near.observe(place);
}
