// The bell opens what is for the reader under it, counts live, and says the count
// in the title of the window, where one looks for it among others.
import { elements } from "./part.js";
import { refresh } from "./times.js";

const bell = document.getElementById("bell");
let title = document.title;
let panel;

/** Gives the window another title, beside the count. */
export function entitle(name) {
  document.title = document.title.replace(title, () => name);
  title = name;
}

/** Shows how many notices are unseen. */
export function count(n) {
  const shown = n > 99 ? "99+" : String(n);
  bell.classList.toggle("some", n > 0);
  bell.querySelector("b").textContent = n ? shown : "";
  bell.ariaLabel = n ? bell.dataset.some.replace("%s", shown) : bell.dataset.none;
  document.title = n ? `(${shown}) ${title}` : title;
}

function make() {
  panel = document.createElement("div");
  panel.className = "card bell-panel";
  panel.popover = "auto";
  panel.id = "bell-panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", "panel-title");
  panel.addEventListener("toggle", ({ newState }) => {
    bell.ariaExpanded = String(newState === "open");
    if (newState === "open") panel.querySelector("h2").focus();
  });
  bell.after(panel);
  bell.setAttribute("aria-controls", panel.id);
}

async function fill() {
  const answer = await fetch("/notices?part=1", { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  panel.replaceChildren(...elements(await answer.text()));
  refresh(panel);
}

async function open() {
  if (!panel) make();
  if (panel.matches(":popover-open")) return panel.hidePopover();
  await fill();
  panel.showPopover();
}

if (bell) {
  const shown = bell.textContent.trim();
  count(shown.endsWith("+") ? 100 : Number(shown));
  if (HTMLElement.prototype.showPopover) {
    bell.addEventListener("click", (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      open().catch(() => location.assign(bell.href));
    });
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches(".bell-panel .seen")) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  if (!answer) return; // without a connection offline.js says so
  if (answer.type !== "opaqueredirect") return form.submit();
  count(0);
  await fill().catch(() => panel.hidePopover());
  panel.querySelector("h2").focus();
});
