// A file on its way to the server, and the line that shows how far it is.
import { newKey } from "./key.js";
import { say } from "./words.js";

const shown = /^image\/(png|jpeg|gif|webp)$/;

export const make = (tag, props) => Object.assign(document.createElement(tag), props);

/** A line for a file on its way: a look at it, its name, how far it is, and a way to stop. */
export function line(field, file, stop) {
  const row = make("div", { className: "arriving" });
  const bar = make("progress", { max: 1, value: 0, ariaLabel: file.name });
  const button = make("button", { type: "button", className: "x", textContent: "×", ariaLabel: say("cancelUpload", file.name) });
  button.addEventListener("click", () => {
    stop.abort();
    row.remove();
    field.focus();
  });
  if (shown.test(file.type)) {
    const look = make("img", { src: URL.createObjectURL(file), alt: "", width: 44, height: 44 });
    look.onload = look.onerror = () => URL.revokeObjectURL(look.src);
    row.append(look);
  }
  row.append(make("span", { className: "name", textContent: file.name }), bar, button);
  field.form.querySelector(".attached").append(row);
  return {
    row,
    far: (part) => (bar.value = part),
    fail(why) {
      bar.replaceWith(make("span", { className: "fault", role: "alert", textContent: why }));
      button.ariaLabel = say("putAway");
    },
  };
}

/** Sends a file: what it was kept as, or null when it was stopped. Throws the reason it was refused for. */
export function send(file, { far }, { signal }) {
  return new Promise((done, fail) => {
    const body = new FormData();
    body.append("file", file, file.name);
    const request = new XMLHttpRequest(); // fetch does not tell how far a body is
    request.open("POST", "/api/v1/files");
    request.responseType = "json";
    request.setRequestHeader("Idempotency-Key", newKey());
    request.upload.onprogress = ({ loaded, total }) => far(loaded / total);
    request.onload = () => (request.status === 201 ? done(request.response) : fail(request.response?.detail || say("notWhole")));
    request.onerror = () => fail(say("notWhole"));
    signal.addEventListener("abort", () => (request.abort(), done(null)));
    request.send(body);
  });
}
