// Copies of the pages somebody opened, to be read without a connection: the last
// fifty, for seven days, of one reader at a time. The server says which may be kept.
const most = 50;
const largest = 512 * 1024; // characters
const patience = 4000; // ms a page with a copy waits for the server
const settles = 60_000; // ms after something was sent: an older copy would not show it
let changed = 0; // when something was sent from here
let turns = 0; // visits, counted from the worker's start
let since = 0; // the visit that showed who reads now: an answer to an earlier one comes too late

/** The address a page is kept under. */
function pathOf(address) {
  const url = new URL(address);
  return url.pathname + url.search;
}

const erase = () => using("page", (store) => void store.clear());

/** Erases the copy of a page, whatever its order or part. */
function forget(path) {
  const [bare] = path.split("?");
  return using("page", (store) => {
    store.delete(bare);
    store.delete(IDBKeyRange.bound(bare + "?", bare + "?\uffff"));
  });
}

/** Opens a page: from the server or, where that does not answer in time, from its copy, which its answer renews when it comes. */
function visit(event) {
  const path = pathOf(event.request.url);
  const coming = arrive(event, path, ++turns);
  event.waitUntil(coming);
  return new Promise((done) => {
    const late = async () => done((Date.now() > changed + settles && (await copy(path))) || coming);
    const timer = setTimeout(late, patience);
    coming.finally(() => {
      clearTimeout(timer);
      done(coming);
    });
  });
}

async function arrive(event, path, turn) {
  let answer;
  try {
    answer = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await copy(path)) ?? nothing();
  }
  if (answer.status >= 502 && answer.status <= 504) return (await copy(path)) ?? answer;
  await meet(answer, turn).catch(() => {});
  const spare = answer.headers.has("Convivio-Keep") ? answer.clone() : answer; // a large file is not held twice
  event.waitUntil(learn(spare, path, turn).catch(() => {})); // a full disk keeps nobody from reading
  return answer;
}

/** Takes from an answer who reads here, before they see it: what another reader kept is gone then. */
async function meet(answer, turn) {
  const now = answer.headers.get("Convivio-Reader");
  if (!now || turn < since || now === (await reader())) return;
  since = turn;
  await erase();
  await setReader(now);
}

/** Keeps a page where it may be kept, and erases the copy of one that is no more. */
async function learn(answer, path, turn) {
  if (turn < since) return;
  if (answer.type === "opaqueredirect" || [401, 403, 404, 410].includes(answer.status)) return forget(path); // led elsewhere: it is no more what was kept
  if (answer.status !== 200 || !answer.headers.has("Convivio-Keep")) return;
  const html = await answer.text();
  if (html.length > largest) return forget(path);
  const headers = [...answer.headers].filter(([name]) => !/^(content-(encoding|length)|convivio-.*)$/.test(name));
  const title = plain(html.match(/<title>([^<]*)/)?.[1] ?? path).replace(/ · Convivio$/, "");
  const at = Date.now();
  await using("page", (store) => {
    if (turn < since) return;
    store.put({ path, title, html, headers, at, used: at });
    prune(store);
  });
}

/** The text of escaped HTML, as our templates escape it. */
const plain = (html) => html.replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" })[name]);

function prune(store) {
  const drop = (from) => (event) => event.target.result.slice(0, from).forEach((path) => store.delete(path));
  store.index("at").getAllKeys(IDBKeyRange.upperBound(Date.now() - 7 * day)).onsuccess = drop();
  store.index("used").getAllKeys().onsuccess = (event) => drop(-most)(event);
}

/** The copies of a page in all its orders and parts, the newest first. */
async function copies(path) {
  if (!(await person())) return [];
  const [bare] = path.split("?");
  const rows = await using("page", (store) => store.getAll(IDBKeyRange.bound(bare, bare + "?\uffff"))).catch(() => []);
  return rows.filter((row) => row.path.split("?")[0] === bare && row.at > Date.now() - 7 * day).sort((a, b) => b.at - a.at);
}

/** The copy of a page, or of another part of it; it says in its html element when it was made. */
async function copy(path) {
  const rows = await copies(path);
  const row = rows.find((row) => row.path === path) ?? rows[0];
  if (!row) return;
  await using("page", (store) => void store.put({ ...row, used: Date.now() })).catch(() => {});
  const html = row.html.replace("<html", `<html data-kept-at="${row.at}"`).replaceAll(/\/static\/[a-z2-7]{16}\//g, `/static/${build.hash}/`);
  return new Response(html, { headers: row.headers });
}

/** The page that says there is no connection, in the reader's language. */
async function nothing() {
  return (await caches.match(build.offline[await language()] ?? build.offline.en)) ?? Response.error();
}

/** What can be read, the last opened first. */
async function readable() {
  if (!(await person())) return [];
  const rows = await using("page", (store) => store.index("used").getAll(IDBKeyRange.lowerBound(0)));
  const seen = new Set(); // an idea that was opened at several places is one
  return rows
    .reverse()
    .filter(({ path, at }) => at > Date.now() - 7 * day && !seen.has(path.split("?")[0]) && seen.add(path.split("?")[0]))
    .map(({ path, title, at }) => ({ path, title, at }));
}
