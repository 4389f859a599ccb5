// "More" continues a list in place instead of turning the page.
import { page } from "./part.js";
import { join } from "./join.js";
import { find } from "./slip.js";
import { refresh } from "./times.js";

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-more]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const list = document.getElementById(link.dataset.more);
  if (!list) return;
  event.preventDefault();
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const next = await page(link.href);
    const items = [...next.getElementById(link.dataset.more).children]
      .filter((item) => !find(item.id)) // what came in live is here already
      .map((item) => document.importNode(item, true));
    for (const item of items) {
      if (item.matches(".comment")) join(item, list, find("c" + item.dataset.parent));
      else list.append(item);
    }
    refresh(list);
    const further = next.querySelector(`a[data-more="${link.dataset.more}"]`);
    link.closest(".more").replaceWith(...(further ? [document.importNode(further.closest(".more"), true)] : []));
    items[0]?.querySelector("a")?.focus({ preventScroll: true });
  } catch {
    location.assign(link.href);
  }
});
