// Times are days in the page; here the recent ones become "3 days ago", and stay
// right. Older ones stay as the server wrote them.
import { locale } from "./words.js";

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const short = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }); // no wider than a day is written
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
const written = new WeakMap(); // what the server wrote, by element
const hour = 3600;

/** Midnights between then and now, as people count days; clocks that change do not matter. */
export function days(date, now) {
  const midnight = (d) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(now) - midnight(date)) / 86_400_000);
}

/** How long ago, or nothing when it is long ago. */
function since(date, now = new Date()) {
  const seconds = (now - date) / 1000;
  if (seconds < 45) return relative.format(0, "second");
  if (seconds < 45 * 60) return short.format(-Math.max(1, Math.round(seconds / 60)), "minute");
  const past = days(date, now);
  if (seconds < 22 * hour || past === 0) return relative.format(-Math.max(1, Math.round(seconds / hour)), "hour");
  return past < 27 ? relative.format(-past, "day") : "";
}

/** Writes the times inside root again. */
export function refresh(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (!written.has(time)) {
      written.set(time, time.textContent);
      time.title = exact.format(date);
    }
    const text = since(date) || written.get(time);
    if (time.textContent !== text) time.textContent = text;
  }
}

refresh();
setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
