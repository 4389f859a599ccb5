// Results while one types: under the bar at the top, or on the search page itself;
// and further passages of an idea under it.
import { elements, page as fetched } from "./part.js";
import { refresh } from "./times.js";

const pause = 150; // ms

/** Asks for what a form would find and hands it to show; older questions are dropped. */
function follow(form, part, show) {
  let waiting;
  let asked = new AbortController();
  let last;
  const ask = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
    if (String(query) === last) return;
    last = String(query);
    asked.abort();
    asked = new AbortController();
    if (!query.has("q")) return show(null, query);
    try {
      const answer = await fetch(`/search?${query}&part=${part}`, { signal: asked.signal });
      if (answer.ok) show(elements(await answer.text())[0], query);
    } catch (error) {
      last = undefined;
      if (error.name !== "AbortError") show(null, query);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, pause);
  });
  return ask;
}

const page = document.getElementById("search");
if (page) {
  follow(page, 1, (results, query) => {
    const old = document.getElementById("results");
    if (results) old.replaceWith(results);
    else old.replaceChildren();
    refresh(document.getElementById("results"));
    page.querySelector(".how").open = !results;
    history.replaceState(history.state, "", `/search?${query}`);
  });
}

const bar = document.querySelector("form.find");
const quick = document.getElementById("quick");
if (bar && quick) {
  const ask = follow(bar, "quick", (results) => {
    quick.replaceChildren(...(results ? [results] : []));
    quick.hidden = !results || !bar.contains(document.activeElement);
  });
  bar.addEventListener("focusin", () => {
    if (quick.hidden && bar.elements.q.value) {
      quick.hidden = !quick.firstChild;
      ask();
    }
  });
  bar.addEventListener("focusout", (event) => {
    if (!bar.contains(event.relatedTarget)) setTimeout(() => (quick.hidden = true), 150);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      bar.elements.q.focus();
      quick.hidden = true;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const stops = [bar.elements.q, ...(quick.hidden ? [] : quick.querySelectorAll("a"))];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      stops.at(next % stops.length).focus();
    }
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-passages]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const list = (await fetched(`${link.href}&part=1`)).querySelector(".passages");
    list.removeAttribute("id");
    list.classList.remove("card");
    const here = document.importNode(list, true);
    link.parentElement.replaceWith(here);
    refresh(here);
    here.querySelector("a").focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
});
