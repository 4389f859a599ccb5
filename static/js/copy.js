// What is shown once is chosen whole, ready to be copied.
document.addEventListener("focusin", ({ target }) => target.matches?.("[data-copy]") && target.select());
document.querySelector("[data-copy]")?.select();
