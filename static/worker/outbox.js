// What was written without a connection waits here and is sent in order. The key
// each form carries makes the server do it once, however often it is sent.
const taken = /^\/ideas\/(\d+)\/(comments|vote|unvote)$/;
let sending;

/** Keeps a form to be sent. Gives it back with its number, or nothing where it may not be kept. */
async function keep({ path, body, who }) {
  const [, idea, verb] = taken.exec(path) ?? [];
  if (!idea || !who || who !== (await person())) return;
  const fields = new URLSearchParams(body);
  const item = { who, path, body, idea, vote: verb !== "comments" && verb, text: fields.get("body"), parent: fields.get("parent_id"), at: Date.now() };
  const rows = await mine();
  const key = fields.get("key");
  if (key?.startsWith("p") && !key.startsWith(`p${who}-`)) return; // somebody else had opened the page
  const same = rows.find((row) => new URLSearchParams(row.body).get("key") === key);
  if (same && same.body === body && !same.refused) return same;
  item.id = await using("waiting", (store) => {
    if (item.vote) for (const row of rows) if (row.vote && row.idea === idea) store.delete(row.id); // the last word counts
    return store.add(item);
  });
  await self.registration.sync?.register("outbox").catch(() => {});
  return item;
}

/** What the reader has waiting or was refused, oldest first. */
async function mine() {
  const who = await person();
  return (await using("waiting", (store) => store.getAll())).filter((item) => who && item.who === who);
}

const drop = (id) => using("waiting", (store) => void store.delete(id));

/** Sends what waits, one after the other; who asks meanwhile waits with it. */
function send() {
  return (sending ??= sendAll().finally(() => (sending = undefined)));
}

async function sendAll() {
  for (let item; (item = (await mine()).find((row) => !row.refused)); ) {
    if (item.at < Date.now() - 7 * day) {
      await refuse(item, "");
      continue;
    }
    const answer = await fetch(item.path, {
      method: "POST",
      body: item.body,
      redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/problem+json", "Convivio-Sender": item.who },
    });
    if (answer.status === 204) {
      changed = Date.now();
      await drop(item.id);
      await tell({ sent: item });
      continue;
    }
    const ours = answer.headers.get("Content-Type") === "application/problem+json"; // not a proxy's, or the way to sign in at one
    if (!ours || answer.status === 401 || answer.status === 429 || answer.status >= 500) {
      throw new Error(`not now: ${answer.status}`); // it goes on waiting
    }
    await refuse(item, (await answer.json().catch(() => ({}))).detail ?? answer.statusText);
  }
}

/** A refused comment stays, with the reason, until its writer has seen to it; a vote is as if it had not been cast. */
async function refuse(item, reason) {
  item.refused = true;
  item.reason = reason;
  await using("waiting", (store) => void (item.vote ? store.delete(item.id) : store.put(item)));
  await tell({ refused: item });
}

async function tell(news) {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage(news);
}

/** A form sent from a page that did not know it was offline. */
async function post(event) {
  const spare = event.request.clone();
  try {
    return await fetch(event.request);
  } catch {
    const fields = [...(await spare.formData())];
    const whole = fields.every(([name, value]) => typeof value === "string" && name !== "preview"); // a file cannot wait, a look neither
    const item = whole && (await keep({ path: new URL(event.request.url).pathname, body: `${new URLSearchParams(fields)}`, who: await person() }).catch(() => {}));
    return item ? Response.redirect(`/ideas/${item.idea}#waiting`, 303) : nothing();
  }
}
