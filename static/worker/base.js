// The device's memory: copies of pages, what waits to be sent, and who reads here.
const day = 86_400_000; // ms
let base;

function opened() {
  return (base ??= new Promise((done, failed) => {
    const ask = indexedDB.open("convivio", 1);
    ask.onupgradeneeded = () => {
      const page = ask.result.createObjectStore("page", { keyPath: "path" });
      page.createIndex("used", "used");
      page.createIndex("at", "at");
      ask.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
      ask.result.createObjectStore("fact");
    };
    ask.onsuccess = () => {
      ask.result.onclose = () => (base = undefined); // the browser cleared its data
      done(ask.result);
    };
    ask.onerror = () => {
      base = undefined;
      failed(ask.error);
    };
  }));
}

/** Works on one store in one transaction; gives what act asked for last. */
async function using(store, act) {
  const open = await opened();
  return new Promise((done, failed) => {
    const all = open.transaction(store, "readwrite", { durability: "strict" });
    const asked = act(all.objectStore(store));
    all.oncomplete = () => done(asked?.result);
    all.onabort = () => failed(all.error);
  });
}

/** Who reads here, as the server said last: person, boards and language; nothing where the browser keeps nothing. */
const reader = () => using("fact", (store) => store.get("reader")).catch(() => {});
const setReader = (value) => using("fact", (store) => store.put(value, "reader"));

/** The person who reads here, 0 when nobody is signed in or others use the device too. */
const person = async () => parseInt(await reader()) || 0;
const language = async () => (await reader())?.split(".")[2];
