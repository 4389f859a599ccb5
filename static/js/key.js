/** A new key for a form: what is sent twice with one key is done once, and for nobody but the reader of the page. */
export function newKey() {
  const { who } = document.body.dataset;
  const random = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  return who ? `p${who}-${random}` : random;
}
