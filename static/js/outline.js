// The list to jump by is fetched when it is opened, as it stands then.
import { elements } from "./part.js";

document.addEventListener(
  "toggle",
  async ({ target }) => {
    const sheet = target.open && target.matches(".jump") && target.querySelector("[data-part]");
    if (!sheet) return;
    try {
      const answer = await fetch(sheet.dataset.part);
      if (answer.ok) sheet.replaceChildren(...elements(await answer.text()));
    } catch {
      // The link to the list's own page stays.
    }
  },
  { capture: true },
);
