// Whoever signs out while something waits to be sent is asked first: signing out
// erases it.
import { ask } from "./device.js";
import { note, say } from "./words.js";

const waits = async () => ((await ask("mine")) ?? []).length > 0;

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (new URL(form.action).pathname !== "/signout" || event.defaultPrevented || form.dataset.leaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await waits()) await ask("send");
    const leave = () => {
      form.dataset.leaving = "yes";
      form.requestSubmit();
    };
    if (!(await waits())) leave();
    else if (!form.querySelector(".note")) form.append(note(say("leaving"), say("leave"), leave));
  },
  { capture: true },
);
