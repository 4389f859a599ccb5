// Says when the device is offline, and stops saying it. Meanwhile nothing is sent:
// a page that cannot be reached would take the place of what one was writing.
const banner = document.getElementById("offline");

function show() {
  if (banner) banner.hidden = navigator.onLine;
  if (navigator.onLine) document.querySelectorAll(".unsent").forEach((line) => line.remove());
}

function unsent(form) {
  if (!banner || form.querySelector(".unsent")) return;
  const line = document.createElement("p");
  line.className = "unsent";
  line.setAttribute("role", "alert");
  line.textContent = banner.textContent;
  const send = form.querySelector(".send");
  send ? send.before(line) : form.append(line);
}

addEventListener("online", show);
addEventListener("offline", show);
show();

document.addEventListener(
  "submit",
  (event) => {
    if (navigator.onLine || event.target.method !== "post" || event.target.matches(".vote")) return;
    event.preventDefault();
    unsent(event.target);
  },
  { capture: true },
);
