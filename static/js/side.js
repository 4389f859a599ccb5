// On a phone the strips of pages, orders and stages scroll sideways: where the reader
// is stands in the middle, and the edge fades where there is more. Asked once the page
// is laid out, so that this lays nothing out by itself.
for (const strip of document.querySelectorAll(".side, .tabs, .stages, .office")) {
  const fade = () => strip.classList.toggle("cut", Math.abs(strip.scrollLeft) + strip.clientWidth < strip.scrollWidth - 1);
  let shown = false;
  new ResizeObserver(() => {
    const here = !shown && strip.querySelector("[aria-current]")?.getBoundingClientRect();
    const box = strip.getBoundingClientRect();
    if (here) strip.scrollLeft += here.left - box.left - (box.width - here.width) / 2;
    shown = true;
    fade();
  }).observe(strip);
  strip.addEventListener("scroll", fade, { passive: true });
}
