// Keys for those who like them; "?" lists them. They can be turned off on a device:
// who dictates, or holds a key by mistake, would set off what was not meant.
const shown = (el) => el?.checkVisibility?.() ?? !!el?.getClientRects().length;
/** A field of a sheet just closed has the focus until the next frame, though nobody types there. */
const typing = (el) => el.matches?.("input, textarea, select, [contenteditable]") && shown(el);
const stops = () => [...document.querySelectorAll("main .row h3 a, main .hit h3 a, #reviews h3 a, #thread .said .at")].filter(shown);
const sheet = document.getElementById("keys");
const tick = sheet?.querySelector("input");
const opener = document.querySelector(".open-keys");

function search() {
  const field = document.getElementById("search-q") ?? document.querySelector("form.find input[type=search]");
  if (shown(field)) {
    field.focus();
    field.select();
  } else location.assign("/search");
}

function step(by) {
  const list = stops();
  if (!list.length) return;
  const here = list.findIndex((el) => el.closest(".row, .hit, .review, .said").contains(document.activeElement));
  const next = list[Math.min(Math.max(here + by, 0), list.length - 1)];
  next.focus({ preventScroll: true });
  next.closest(".row, .hit, .review, .said").scrollIntoView({ block: "center" });
}

function reply() {
  const link = document.activeElement.closest(".comment > .said")?.querySelector("a.reply");
  if (shown(link)) link.click();
}

/** Clicks the link that has this key on the page. */
const press = (key) => document.querySelector(`main [data-key="${key}"]:not([hidden])`)?.click();

/** Does something about a row of the review page: see review.js. */
const act = (key) => dispatchEvent(new CustomEvent("act", { detail: key }));

const acts = {
  "/": search,
  n: () => document.querySelector("a.new-idea")?.click(),
  u: () => press("u"),
  c: () => press("c"),
  r: reply,
  j: () => step(1),
  k: () => step(-1),
  x: () => act("x"),
  o: () => act("o"),
  h: () => act("h"),
  e: () => act("e"),
  d: () => act("d"),
  l: () => act("l"),
  w: () => act("w"),
  v: () => act("v"),
  g: () => act("g"),
  z: () => act("z"),
  "?": () => sheet?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (!tick?.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});

/** What a device remembers; where it remembers nothing, the tick holds for this page. */
function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

if (tick) {
  tick.checked = !stored((s) => s.getItem("keys"));
  tick.addEventListener("change", () => stored((s) => (tick.checked ? s.removeItem("keys") : s.setItem("keys", "off"))));
}

if (opener) {
  opener.hidden = false;
  opener.addEventListener("submit", (event) => {
    event.preventDefault();
    const menu = opener.closest("details");
    menu.open = false;
    menu.firstElementChild.focus(); // comes back there when the sheet is closed
    sheet.showModal();
  });
}
