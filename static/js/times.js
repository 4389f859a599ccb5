// Times are absolute in the page; here they become "3 days ago", and stay right.
import { locale } from "./words.js";

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
const steps = [
  [45, "second", 60],
  [45 * 60, "minute", 60],
  [22 * 3600, "hour", 3600],
  [27 * 86400, "day", 86400],
];

function day(date) {
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year }).format(date);
}

function since(date) {
  const seconds = (Date.now() - date) / 1000;
  for (const [limit, unit, size] of steps) {
    if (seconds < limit) return relative.format(unit === "second" ? 0 : -Math.max(1, Math.round(seconds / size)), unit);
  }
  return day(date);
}

/** Writes the times inside root again. */
export function refresh(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    const text = since(date);
    if (time.textContent === text) continue;
    time.textContent = text;
    time.title = exact.format(date);
  }
}

refresh();
setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
