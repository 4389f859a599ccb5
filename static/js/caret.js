const same = ["font", "padding", "lineHeight", "letterSpacing", "tabSize"];

/** How far below the top of a field's frame the line ends that a place in its text stands in. */
export function below(field, at) {
  const mirror = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of same) mirror.style[name] = style[name];
  Object.assign(mirror.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", boxSizing: "border-box", inlineSize: `${field.clientWidth}px` });
  mirror.textContent = field.value.slice(0, at);
  const end = mirror.appendChild(document.createElement("span"));
  end.textContent = "\u200b";
  field.after(mirror);
  const y = end.offsetTop + end.offsetHeight - field.scrollTop;
  mirror.remove();
  return field.offsetTop + Math.min(y, field.clientHeight) + 4;
}
