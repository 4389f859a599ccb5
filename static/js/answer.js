// The draft of an answer is shared: what others save comes into the open form, but
// never over what somebody types in it. Loaded where there is such a form alone, by
// modules that hand it what it needs of the others.

/** Ticks what others ticked and unticks what they unticked; what is ticked here and not yet sent stays. */
function choose(form, cites) {
  const shown = new Set();
  for (const box of form.querySelectorAll("[name=cites]")) {
    shown.add(box.value);
    const on = cites.includes(box.value);
    if (box.checked === box.defaultChecked) box.checked = on;
    box.defaultChecked = on;
  }
  form.elements.cites_were.value = cites.filter((id) => shown.has(id)).join(" ");
}

/** Puts in place how the draft stands now. */
export function drafted(el, old, { refresh, note, say, tell }) {
  const form = old.parentElement.querySelector("form.compose");
  const { content, dataset } = el.querySelector("template");
  const text = content.textContent;
  const { body, was } = form.elements;
  refresh(el);
  old.replaceWith(el);
  choose(form, dataset.cites.split(" "));
  tell(el.querySelector("p")?.textContent ?? "");
  if (was.value === dataset.was) return;
  if (body.value !== body.defaultValue) {
    el.append(note(say("updated"), say("reload"), () => location.reload())); // saving shows both
    return;
  }
  const { selectionStart, selectionEnd } = body;
  body.value = body.defaultValue = text;
  if (document.activeElement === body) body.setSelectionRange(selectionStart, selectionEnd);
  was.value = dataset.was;
}

/** Chooses a comment for the answer without leaving the thread. */
export async function cite(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => {});
  if (answer?.type !== "opaqueredirect") return form.submit();
  const own = document.getElementById("answer");
  own.open = true;
  form.closest(".menu-here")?.remove();
  own.querySelector("textarea").focus();
}
