// Strips that scroll sideways on narrow screens: the present place stands in the
// middle, and the end fades only while there is more to come.
for (const strip of document.querySelectorAll(".side, .tabs, .stages")) {
  const here = strip.querySelector("[aria-current]")?.getBoundingClientRect();
  const box = strip.getBoundingClientRect();
  if (here) strip.scrollLeft += here.left - box.left - (box.width - here.width) / 2;
  const fade = () => strip.classList.toggle("cut", strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 1);
  strip.addEventListener("scroll", fade, { passive: true });
  addEventListener("resize", fade, { passive: true });
  fade();
}
