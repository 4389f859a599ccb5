// The service worker keeps, on this device, copies of pages and what waits to be
// sent. A device that others use too keeps nothing.
import { worker } from "./part.js";

const container = navigator.serviceWorker; // none where the address is not secure
const { who, shared } = document.body.dataset;
const patience = 5000; // ms

if (who && shared === undefined) addEventListener("load", () => container?.register(worker).catch(() => {}));

/** Asks the worker; nothing when there is none, or it does not answer. */
export async function ask(what, more) {
  const active = container?.controller ?? (await container?.getRegistration())?.active;
  if (!active || shared !== undefined) return;
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, patience);
    active.postMessage({ ask: what, ...more }, [port2]);
  });
}

/** Hears what became of what was waiting. */
export function hear(act) {
  container?.addEventListener("message", ({ data }) => act(data));
  container?.startMessages();
}
