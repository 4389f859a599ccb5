// HTML enters a page here and nowhere else, and only HTML that our own server
// rendered: the one Trusted Types policy that the pages allow lives in this module.
const rules = { createHTML: (html) => html, createScriptURL: () => "/sw.js" };
const policy = globalThis.trustedTypes?.createPolicy("part", rules) ?? rules;

/** The address of the service worker, the only script that is loaded by its address. */
export const worker = policy.createScriptURL("");

/** The elements of a part, not yet on the page. */
export function elements(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return [...document.importNode(template.content, true).children];
}

/** Another page of ours, to take parts from. Throws when the server refuses. */
export async function page(address, options = {}) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new Error("not our own page");
  const answer = await fetch(url, { ...options, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(policy.createHTML(await answer.text()), "text/html");
}
