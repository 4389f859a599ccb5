// On narrow screens the side is a strip: the present place stands in its middle.
const here = document.querySelector(".side a[aria-current]");
const strip = here?.closest(".side");

if (strip) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
