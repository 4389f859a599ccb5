// Says when the device is offline, and stops saying it.
const banner = document.getElementById("offline");
const show = () => banner && (banner.hidden = navigator.onLine);

addEventListener("online", show);
addEventListener("offline", show);
show();
