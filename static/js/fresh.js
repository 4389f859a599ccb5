// Figures that move are asked for again, as long as somebody looks at them.
import { elements } from "./part.js";

const every = 5000; // ms

for (const place of document.querySelectorAll("[data-fresh]")) {
  const again = async () => {
    if (document.hidden) return;
    const answer = await fetch(place.dataset.fresh, { headers: { Accept: "text/html" } }).catch(() => {});
    if (!answer?.ok || place.contains(document.activeElement)) return;
    place.replaceChildren(...elements(await answer.text()));
    if (place.querySelector("[data-over]")) clearInterval(timer);
  };
  const timer = setInterval(again, Number(place.dataset.every) || every);
  document.addEventListener("visibilitychange", again);
}
