// Says once that there is no connection, and how old a page is that comes from this
// device. Meanwhile comments and votes wait; other forms say why they cannot be sent:
// a page that cannot be reached would take the place of what one was writing.
import { ask } from "./device.js";
import { newKey } from "./key.js";
import { keep, taken } from "./outbox.js";
import { days } from "./times.js";
import { locale, say } from "./words.js";

const banner = document.getElementById("offline");
const why = banner?.textContent;
const copied = document.getElementById("copied");
const copy = Number(document.documentElement.dataset.keptAt);
let lost = 0; // times in a row that the live connection could not be made
let away = false;

const down = () => away || !navigator.onLine;

/** A day and a time, as one says them: yesterday, 14:20. */
export function said(ms) {
  const date = new Date(ms);
  const day = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days(date, new Date()), "day");
  return [day, new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(date)];
}

function show() {
  if (!banner) return;
  const [day, time] = copy ? said(copy) : [];
  const age = copy ? say("copied", day).replace("%s", time) : "";
  banner.textContent = `${why} ${age}`;
  banner.hidden = !down();
  copied.firstElementChild.textContent = age;
  copied.hidden = down() || !copy;
  if (!down()) document.querySelectorAll(".unsent").forEach((line) => line.remove());
}

function unsent(form) {
  if (!banner || form.querySelector(".unsent")) return;
  const line = document.createElement("p");
  line.className = "unsent";
  line.setAttribute("role", "alert");
  line.textContent = why;
  const send = form.querySelector(".send");
  send ? send.before(line) : form.append(line);
}

/** The browser may believe in a network that leads nowhere: the live connection knows better, and a question makes sure. */
async function probe() {
  if (++lost < 2) return;
  away = !(await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout?.(5000) }).catch(() => 0));
  show();
}

function found() {
  lost = 0;
  away = false;
  show();
}

addEventListener("online", found);
addEventListener("found", found);
addEventListener("lost", probe);
addEventListener("offline", show);
addEventListener("ended", () => ask("erase"));
addEventListener("stale", () => ask("forget", { path: location.pathname }));
if (copy) document.querySelectorAll('[name="key"]').forEach((key) => (key.value = newKey())); // what a copy's keys were used for is not known
show();

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!down() || form.method !== "post" || form.matches(".vote")) return;
    event.preventDefault();
    if (!event.submitter?.name && new URL(form.action).pathname.endsWith("/comments") && (await keep(form))) taken(form);
    else unsent(form);
  },
  { capture: true },
);
