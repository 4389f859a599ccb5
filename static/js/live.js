// Keeps an open page up to date: listens from where the page stands in the log,
// and after a lost connection from the last frame it was given.
import { count } from "./bell.js";
import { gone } from "./gone.js";
import { rearranged } from "./merge.js";
import { place, typed } from "./place.js";
import { counted, tellRead, tellWriting } from "./reading.js";
import { bar, say } from "./words.js";

const main = document.getElementById("main");
const { epoch, seq, board, idea, lang } = main?.dataset ?? {};
const slowest = 30_000; // ms
let last = Number(seq);
let failures = 0;
let socket;
let waiting;
let going = false; // to another page: who signs out here is led there, and is not read anew
addEventListener("beforeunload", () => (going = true));

function address() {
  const url = new URL("/live", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (!epoch) url.search = new URLSearchParams({ own: 1, html: lang });
  else url.search = new URLSearchParams({ after: last, epoch, html: lang, ...(board && { board }), ...(idea && { idea }) });
  return url;
}

function listen() {
  clearTimeout(waiting);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  let steady;
  socket = new WebSocket(address());
  socket.addEventListener("open", () => (steady = setTimeout(() => (failures = 0), 10_000)));
  socket.addEventListener("open", () => dispatchEvent(new Event("found"))); // for offline.js
  socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  socket.addEventListener("close", ({ code, reason }) => {
    clearTimeout(steady);
    if (code === 4000 || (code === 4002 && !epoch)) return; // a reload frame came before
    if (code === 4001) {
      // Signed out elsewhere, or shut out: nothing stays to be read. What was typed is kept as a draft.
      dispatchEvent(new Event("ended"));
      return going || location.reload();
    }
    if (code === 4002) return bar(say("asleep"), say("reload"), () => location.reload());
    dispatchEvent(new Event("lost"));
    // Full jitter: all that lost the same server must not come back at once.
    const hint = Number(/^retry=(\d+)$/.exec(reason)?.[1] ?? 0);
    const limit = Math.min(slowest, 1000 * 2 ** failures++);
    waiting = setTimeout(listen, hint || 500 + Math.random() * (limit - 500));
  });
}

/** Reads the page again, unless that would lose something or go round in circles. */
function reload(why) {
  dispatchEvent(new Event("stale"));
  const again = Date.now() - Number(sessionStorage.getItem("reloaded")) < 10_000;
  if (typed() || again) return bar(why, say("reload"), () => location.reload());
  sessionStorage.setItem("reloaded", Date.now());
  location.reload();
}

function hear(frame) {
  if (frame.kind === "reviews") return dispatchEvent(new CustomEvent("reviews", { detail: frame }));
  if (!epoch && frame.kind !== "notices") return; // a page that shows no conversation has its bell alone
  switch (frame.kind) {
    case "hello":
      if (frame.epoch !== epoch) return reload(say("reloadWhy"));
      last = Math.max(last, frame.seq ?? 0);
      return;
    case "reload":
      return reload(say("reloadWhy"));
    case "notices":
      return count(frame.count);
    case "reading":
    case "writing":
      return String(frame.idea) === idea && counted(frame);
  }
  if (frame.seq <= last) return;
  last = frame.seq;
  main.dataset.seq = last;
  if (frame.kind === "idea.deleted") return gone(frame.idea);
  if (rearranged(frame, idea, reload)) return;
  place(frame);
}

if (epoch || document.getElementById("bell")) {
  listen();
  addEventListener("online", listen);
  if (idea) {
    tellWriting(() => socket.readyState === WebSocket.OPEN && socket.send('{"kind":"writing"}'));
    tellRead(idea, () => last);
  }
  document.addEventListener("visibilitychange", () => document.hidden || listen());
}
