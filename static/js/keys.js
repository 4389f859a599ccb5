// Keys for those who like them; "?" lists them.
const typing = (el) => el.matches?.("input, textarea, select, [contenteditable]");
const stops = () => [...document.querySelectorAll("main .row h3 a, main .hit h3 a, #thread .said .reply")];

function search() {
  const field = document.getElementById("search-q") ?? document.querySelector("form.find input[type=search]");
  if (field?.checkVisibility()) {
    field.focus();
    field.select();
  } else location.assign("/search");
}

function step(by) {
  const list = stops();
  if (!list.length) return;
  const here = list.findIndex((el) => el.closest(".row, .hit, .said").contains(document.activeElement));
  const next = list[Math.min(Math.max(here + by, 0), list.length - 1)];
  next.focus({ preventScroll: true });
  next.closest(".row, .hit, .said").scrollIntoView({ block: "center" });
}

/** Clicks the link that has this key on the page. */
const press = (key) => document.querySelector(`main [data-key="${key}"]:not([hidden])`)?.click();

const acts = {
  "/": search,
  n: () => document.querySelector("a.new-idea")?.click(),
  u: () => press("u"),
  c: () => press("c"),
  r: () => document.activeElement.closest(".comment > .said")?.querySelector("a.reply")?.click(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});
