// What was deleted can be taken back for ten seconds: the way back counts them
// and goes, unless somebody is just about to take it.
const bar = document.querySelector("form[data-undo]");

if (bar) {
  const end = performance.now() + 1000 * bar.dataset.undo;
  const left = bar.querySelector(".left");
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0 && !bar.matches(":focus-within, :hover") && !bar.dataset.sent) return bar.remove();
    left.textContent = Math.max(0, seconds);
    setTimeout(tick, 250);
  };
  tick();
  const url = new URL(location.href); // read again, the page offers nothing
  url.searchParams.delete("deleted");
  url.searchParams.delete("decided");
  history.replaceState(history.state, "", url);
}
