// How the one button of an idea looks: pressed or not, and the count beside it.
import { locale } from "./words.js";

export function show(form, voted) {
  const button = form.querySelector("button");
  const count = form.querySelector(".count b");
  if ((button.ariaPressed === "true") === voted) return;
  button.ariaPressed = String(voted);
  const n = Number(count.textContent.replace(/\D/g, "")) + (voted ? 1 : -1);
  count.textContent = new Intl.NumberFormat(locale).format(n);
}
