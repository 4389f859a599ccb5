// What is shown once is chosen whole, ready to be copied.
document.addEventListener("focusin", ({ target }) => target.matches?.("[data-copy]") && target.select());
document.querySelector("[data-copy]")?.select();

// Only a page that came over HTTPS, or from this machine, may write to the clipboard.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy-of]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copyOf);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {} // chosen as it is, one key copies it
  });
}
