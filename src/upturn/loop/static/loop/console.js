// The facilitator's console: counts come in as they are; anything else draws the part anew.
import { clock, listen } from "./room.js";

const AGAIN_MS = 150;
const part = document.querySelector("#part");
let later;
const draw = () => {
  clearTimeout(later);
  later = setTimeout(() => part.dispatchEvent(new CustomEvent("changed")), AGAIN_MS);
};
const put = (name, value) => { for (const node of part.querySelectorAll(`[data-${name}]`)) node.textContent = value; };

const setClock = clock((text) => { put("clock", text); });
const readClock = () => {
  const until = Number(part.querySelector("[data-until]")?.dataset.until);
  setClock(until ? until - Date.now() / 1000 : null);
};

const hear = (news) => {
  if (news.kind !== "count") { draw(); return; }
  put("handed", news.handed);
  put("of", news.of);
};

document.addEventListener("htmx:after:swap", readClock);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const key = part.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (key) { event.preventDefault(); key.click(); }
});

readClock();
listen({ topics: part.dataset.topics.split(" "), since: part.dataset.since, hear, back: draw });
