// Files that are chosen, pasted or dropped are sent at once, one after the other,
// and named in the text where one is writing.
import { line, make, send } from "./upload.js";
import { replace } from "./insert.js";
import { say, tell } from "./words.js";

const limit = Number(document.getElementById("words")?.dataset.fileLimit) || Infinity; // bytes
let queue = Promise.resolve();

const named = /\n!?\[[^\n]*\]\(\/files\/\d+\)(?=\n|$)/y;

/** Names a file on a line of its own, below the one where one is writing and the files named there: nobody is interrupted. */
function name(field, { name: called, markdown }) {
  const { selectionStart: start, selectionEnd: end, selectionDirection: way, value } = field;
  let at = (value.indexOf("\n", end) + 1 || value.length + 1) - 1;
  for (named.lastIndex = at; named.test(value); ) at = named.lastIndex;
  const blank = !at || value[at - 1] === "\n";
  replace(field, at, at, blank ? `${markdown}\n` : `\n${markdown}${at === value.length ? "\n" : ""}`);
  if (!blank) field.setSelectionRange(start, end, way);
  tell(say("attached", called));
}

function attach(field, files) {
  field.form.querySelector(".attached > .fault")?.remove();
  for (const file of files) {
    const stop = new AbortController();
    const at = line(field, file, stop);
    if (file.size > limit) {
      at.fail(say("tooLarge"));
      continue;
    }
    queue = queue.then(async () => {
      if (stop.signal.aborted) return;
      try {
        const kept = await send(file, at, stop);
        at.row.remove();
        if (kept && field.isConnected) name(field, kept);
      } catch (why) {
        at.fail(why);
      }
    });
  }
}

const composer = (el) => el.closest?.("form.compose")?.querySelector("[data-compose]");

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-attach]")) return;
  attach(composer(target), [...target.files]);
  target.value = "";
});

document.addEventListener("paste", (event) => {
  const { files = [], types = [] } = event.clipboardData ?? {};
  // An office program offers a picture of the words beside the words.
  if (!event.target.matches?.("[data-compose]") || !files.length || types.includes("text/plain")) return;
  event.preventDefault();
  attach(event.target, [...files]);
});

for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files") || !document.querySelector("[data-compose]")) return;
    event.preventDefault(); // a file dropped beside the form would take the page's place
    const field = composer(event.target);
    if (!field) event.dataTransfer.dropEffect = "none";
    else if (kind === "drop") attach(field, [...event.dataTransfer.files]);
  });
}

document.addEventListener(
  "submit",
  (event) => {
    const list = event.target.querySelector(".attached");
    if (!list?.querySelector("progress")) return;
    event.preventDefault();
    if (!list.querySelector(":scope > .fault")) list.append(make("p", { className: "fault", role: "alert", textContent: say("uploadsWait") }));
  },
  { capture: true },
);
