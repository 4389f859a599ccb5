// On a phone the strips of pages, orders and stages scroll sideways, on a desk a long
// side scrolls down: where the reader is stands in the middle, and the edge of a strip
// fades where there is more. Asked once the page is laid out, so that this lays nothing
// out by itself.
for (const strip of document.querySelectorAll(".side, .tabs, .stages, .office")) {
  const fade = () => {
    const at = Math.abs(strip.scrollLeft);
    strip.classList.toggle("begun", at > 1);
    strip.classList.toggle("cut", at + strip.clientWidth < strip.scrollWidth - 1);
  };
  let shown = false;
  new ResizeObserver(() => {
    const here = !shown && strip.querySelector("[aria-current]")?.getBoundingClientRect();
    const box = strip.getBoundingClientRect();
    if (here) strip.scrollLeft += here.left - box.left - (box.width - here.width) / 2;
    if (here?.bottom > box.bottom) strip.scrollTop += here.top - box.top - box.height / 2;
    shown = true;
    fade();
  }).observe(strip);
  strip.addEventListener("scroll", fade, { passive: true });
}
