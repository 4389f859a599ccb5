// What other moderators do is seen on the review page as they do it; how much
// waits is seen on every page.
import { elements } from "./part.js";
import { list, open, put } from "./review.js";
import { refresh } from "./times.js";
import { note, say } from "./words.js";

const used = (row) => row.querySelector(":scope > .decide") && row.contains(document.activeElement);

/** Puts a row that came in, or changed, where it belongs. */
async function changed(id) {
  let row = document.getElementById(`r${id}`);
  if (row?.dataset.mine || (!row && document.querySelector("a[data-more=reviews]"))) return;
  const answer = await fetch(`/review/${id}?part=1`, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const html = await answer.text();
  const [el] = elements(html);
  row = document.getElementById(`r${id}`);
  if (row?.dataset.mine) return; // decided here while this was asked
  if (row && used(row)) return row.querySelector(":scope > .note") ?? row.append(note(say("updated"), say("reload"), () => put(row, html)));
  if (row) return row.dataset.version !== el.dataset.version && put(row, html).classList.add("changed");
  const { kind, board } = list.dataset;
  if (el.matches(".decided") || (kind && kind !== el.dataset.kind) || (board && board !== el.dataset.board)) return;
  refresh(el);
  el.classList.add("changed");
  list.insertBefore(el, open().find((other) => Number(other.dataset.due) > Number(el.dataset.due)) ?? null);
  list.closest(".card").querySelector(".empty")?.remove();
}

addEventListener("reviews", ({ detail: { count, counts, items } }) => {
  for (const badge of document.querySelectorAll("#review-count, [data-count]")) {
    if (badge.dataset.count === "late" || (list?.dataset.board && badge.dataset.count !== undefined)) continue;
    const n = badge.dataset.count ? (counts[badge.dataset.count] ?? 0) : count;
    badge.textContent = n;
    badge.hidden = !n;
  }
  if (list) items.forEach(changed);
});
