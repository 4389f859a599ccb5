// What the browser tells the worker, and who sees to it.
const kept = `static-${build.hash}`;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(
    (async () => {
      const cache = await caches.open(kept);
      await cache.addAll(build.files);
      await cache.addAll(Object.values(build.offline).map((path) => new Request(path, { credentials: "omit" })));
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== kept) await caches.delete(name);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

/** A file of a build never changes. */
async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const visits = request.mode === "navigate"; // another site's form visits too, and must not go out as ours
  if (!visits && parting.test(url.pathname)) return event.respondWith(handOn(request));
  if (request.method !== "GET") changed = Date.now();
  else if (url.pathname.startsWith("/static/")) return event.respondWith(file(request));
  if (!visits) return;
  if (request.method === "GET") event.respondWith(visit(event));
  else if (url.pathname === "/signout") event.respondWith(leave(event));
  else if (taken.test(url.pathname)) event.respondWith(post(event));
});

/**
 * What a page tells the server as it is left would be lost: a request that a worker
 * lets pass goes on in its page, which is gone by then. This one ends with no page.
 */
const parting = /^\/ideas\/\d+\/read$/;
async function handOn(request) {
  return fetch(request.url, { method: "POST", body: new URLSearchParams(await request.text()), redirect: "manual" });
}

/** Signing out erases what the person has here, copies and what waits, as soon as the server knows. */
async function leave(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return nothing();
  }
  if (answer.type === "opaqueredirect") await forgetReader().catch(() => {});
  return answer;
}

async function forgetReader() {
  const rows = await mine();
  since = ++turns;
  await erase();
  await using("waiting", (store) => rows.forEach((row) => store.delete(row.id)));
  await setReader(`0..${await language()}`);
}

self.addEventListener("message", (event) => {
  const { data, ports: [port] } = event;
  const acts = {
    keep: () => keep(data.form),
    drop: () => drop(data.id),
    mine,
    readable,
    forget: () => forget(data.path),
    erase,
    send: () => send().catch(() => {}),
  };
  const done = acts[data.ask]?.().then(
    (answer) => port?.postMessage(answer),
    () => port?.postMessage(),
  );
  event.waitUntil(done);
});

self.addEventListener("sync", (event) => event.waitUntil(send()));
