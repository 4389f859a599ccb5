// What is written without a connection waits on this device and is sent when there
// is one again. waiting.js shows it.
import { ask, hear } from "./device.js";
import { newKey } from "./key.js";
import { say, tell } from "./words.js";
import { place, settle } from "./waiting.js";

const who = Number(document.body.dataset.who);
const pause = 30_000; // ms
let later;

/** Keeps a form to be sent; says what was kept, or nothing where that cannot be. */
export async function keep(form) {
  if (!who) return;
  const fields = [...new FormData(form)];
  if (fields.some(([, value]) => typeof value !== "string")) return; // a file cannot wait
  const body = `${new URLSearchParams(fields)}`;
  const item = await ask("keep", { form: { who, body, path: new URL(form.action).pathname } });
  if (!item) return;
  if (form.elements.key) form.elements.key.value = newKey();
  tell(say("waiting"));
  place(item);
  return item;
}

/** Takes what is kept out of the form where it was written. */
export function taken(form) {
  const field = form.elements.body;
  field.value = field.defaultValue = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  form.querySelector("[data-cancel]")?.click();
}

async function look() {
  clearTimeout(later);
  const rows = (await ask("mine")) ?? [];
  rows.forEach(place);
  if (!rows.some((row) => !row.refused)) return;
  ask("send");
  later = setTimeout(look, pause);
}

const mine = (item) => item && (item.who === who || document.getElementById("unsent")); // that page knows nobody
hear(({ sent, refused }) => mine(sent ?? refused) && settle(sent ?? refused, !!sent));
for (const event of ["online", "found"]) addEventListener(event, look);
look();
