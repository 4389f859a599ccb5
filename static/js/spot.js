// Links to a comment go to it in place where it stands on the page: its branch is
// opened, and those who have the page read aloud go on reading there.
const link = 'a[href*="#c"], a[href$="/in-thread"]';

/** Opens what a comment is folded in, and goes to it. */
export function show(comment) {
  for (let el = comment; (el = el.parentElement?.closest("details")); ) el.open = true;
  const said = comment.querySelector(":scope > .said");
  said.tabIndex = -1;
  said.focus({ preventScroll: true });
  said.scrollIntoView({ block: "start" });
}

/** The comment on this page that a link leads to. */
function target(a) {
  if (a.origin !== location.origin) return null;
  const id = /^\/comments\/(\d+)\/in-thread$/.exec(a.pathname)?.[1] ?? /^#c(\d+)$/.exec(a.hash)?.[1];
  return id && document.querySelector(`#thread #c${id}`);
}

document.addEventListener("click", (event) => {
  const a = event.target.closest?.(link);
  if (!a || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const comment = target(a);
  if (!comment) return;
  event.preventDefault();
  a.closest("details.menu")?.removeAttribute("open");
  location.hash = comment.id;
  show(comment);
});

document.addEventListener("click", (event) => {
  const field = event.target.closest?.('a[href="#comment"]') && document.querySelector("#comment textarea");
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  field.closest(".card").scrollIntoView({ block: "center" });
});

const landed = /^#c\d+$/.test(location.hash) && document.querySelector(`#thread ${location.hash}`);
if (landed) document.readyState === "complete" ? show(landed) : addEventListener("load", () => setTimeout(show, 0, landed)); // after the browser's own
