// A form that moves an idea shows only what the chosen stage asks for.
function fit(box) {
  const stage = box.querySelector("select").value;
  const has = (list) => list?.split(" ").includes(stage);
  for (const part of box.querySelectorAll("[data-for]")) {
    const shown = !!stage && (part.dataset.for === "*" || has(part.dataset.for));
    part.hidden = !shown;
    for (const field of part.querySelectorAll("input, textarea")) {
      field.disabled = !shown;
      if (part.dataset.needs !== undefined) field.required = has(part.dataset.needs);
    }
  }
}

for (const box of document.querySelectorAll("[data-moving]")) {
  box.querySelector("[data-unscripted]")?.remove();
  box.addEventListener("change", () => fit(box));
  fit(box);
}
