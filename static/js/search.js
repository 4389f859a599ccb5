// Results while one types: under the bar at the top, or on the search page itself.
import { elements } from "./part.js";
import { refresh } from "./times.js";

const pause = 120; // ms

/** Asks for what a form would find and hands it to show; older questions are dropped. */
function follow(form, show) {
  let waiting;
  let asked = new AbortController();
  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    if (!query.get("q")?.trim()) return show(null, query);
    try {
      const answer = await fetch(`/search?${query}&part=1`, { signal: asked.signal });
      if (answer.ok) show(elements(await answer.text())[0], query);
    } catch (error) {
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
  follow(page, (results, query) => {
    const old = document.getElementById("results");
    if (results) old.replaceWith(results);
    else old.replaceChildren();
    refresh(document.getElementById("results"));
    history.replaceState(history.state, "", `/search?${query}`);
  });
}

const bar = document.querySelector("form.find");
const quick = document.getElementById("quick");
if (bar && quick) {
  const ask = follow(bar, (results) => {
    quick.replaceChildren(...(results ? [results] : []));
    results?.removeAttribute("id");
    refresh(quick);
    quick.hidden = !results || !bar.contains(document.activeElement);
  });
  bar.addEventListener("focusin", () => {
    if (quick.hidden && bar.elements.q.value) ask();
  });
  bar.addEventListener("focusout", (event) => {
    if (!bar.contains(event.relatedTarget)) setTimeout(() => (quick.hidden = true), 150);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") quick.hidden = true;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const stops = [bar.elements.q, ...quick.querySelectorAll(".hit:not(:nth-child(n + 7)) a")];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      stops.at(next % stops.length).focus();
    }
  });
}
