// Puts Markdown into a field so that Ctrl+Z takes it out again.

/** Replaces a piece of a field, and tells everybody who listens to input. */
export function replace(field, start, end, text) {
  field.setSelectionRange(start, end);
  // Only this keeps the history of what one can undo; it works where the focus is.
  const done = document.activeElement === field && document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Puts before and after around what is chosen, or around a placeholder that stays chosen. */
export function insert(field, before, after = "", placeholder = "") {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end) || placeholder;
  replace(field, start, end, before + chosen + after);
  field.setSelectionRange(start + before.length, start + before.length + chosen.length);
}
