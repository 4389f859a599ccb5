// The page shown without a connection lists the pages that can be read.
import { ask } from "./device.js";
import { said } from "./offline.js";
import { say } from "./words.js";

const section = document.getElementById("kept");

function line({ path, title, at }) {
  const [day, time] = said(at);
  const link = document.createElement("a");
  link.className = "big";
  link.href = path;
  link.textContent = title;
  const when = document.createElement("p");
  when.className = "meta";
  when.textContent = say("copied", day).replace("%s", time);
  const item = document.createElement("li");
  item.append(link, when);
  return item;
}

async function list() {
  const pages = (await ask("readable")) ?? [];
  section.querySelector("ul").append(...pages.map(line));
  section.hidden = !pages.length;
  document.getElementById("kept-none").hidden = pages.length > 0;
  document.querySelector("[data-again]").href = location.href;
}

if (section) list();
