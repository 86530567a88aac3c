// The board opens without a network, and taps are sent when there is one again. What is cached has
// no word about anybody: the frame of the page, its scripts and styles. VERSION, SHELL and PARTS are
// written above this by the house, and change with the files.
importScripts(QUEUE);
const CACHE = `upturn-board-${VERSION}`;
const WAIT_MS = 3000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([SHELL, ...PARTS].map((url) => new Request(url, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("upturn-board-") && name !== CACHE;
  const clear = async () => { for (const name of await caches.keys()) if (old(name)) await caches.delete(name); };
  event.waitUntil(clear().then(() => self.clients.claim()));
});

const late = (wait) => new Promise((_, reject) => { setTimeout(reject, wait); });
const shell = async () => (await caches.open(CACHE)).match(SHELL);
const page = async (request) => {
  try {
    const answer = await Promise.race([fetch(request), late(WAIT_MS)]);
    return answer.status >= 500 ? (await shell()) ?? answer : answer;
  } catch { return (await shell()) ?? Response.error(); }
};
const part = async (request) => (await (await caches.open(CACHE)).match(request)) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === BOARD) event.respondWith(page(request));
  else if (PARTS.includes(path)) event.respondWith(part(request));
});

const told = async () => {
  const pages = await self.clients.matchAll();
  pages.forEach((each) => each.postMessage("sent"));
};
self.addEventListener("sync", (event) => {
  if (event.tag !== "taps") return;
  const send = async () => {
    const pages = await self.clients.matchAll();
    if (pages.length > 0) return told(); // the open page sends, and shows what was answered
    if ((await self.upturnQueue.send()) !== true) throw new Error("later");
  };
  event.waitUntil(send());
});
