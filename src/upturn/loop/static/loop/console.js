// The facilitator's console: counts come in as they are; anything else draws the part anew.
import { clock, listen } from "./room.js";

const [AGAIN_MS, AWAY_MS] = [150, 2000];
const part = document.querySelector("#part");
let drawnAt = Number(part.dataset.since);
let later;
const draw = (wait = AGAIN_MS) => {
  clearTimeout(later);
  later = setTimeout(() => part.dispatchEvent(new CustomEvent("changed")), wait);
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

// A facilitator who types the name of a group keeps it while the part is drawn anew.
document.addEventListener("input", (event) => event.target.closest("#part details form")?.setAttribute("hx-morph-skip", ""));
document.addEventListener("toggle", (event) => { if (part.contains(event.target)) event.target.toggleAttribute("hx-morph-skip", event.target.open); }, true);
document.addEventListener("submit", (event) => { for (const each of [event.target, event.target.closest("details")]) each?.removeAttribute("hx-morph-skip"); }, true);
document.addEventListener("htmx:after:swap", readClock);

// Answers may come in another order than the room moved: what was drawn before what stands here is
// let go. What is no console says that the workshop closed or nobody is signed in, or the house fell.
document.addEventListener("htmx:before:swap", (event) => {
  const { text, response } = event.detail.ctx;
  const at = Number(/data-drawn="(\d+)"/.exec(text)?.[1] ?? NaN);
  if (at >= drawnAt) { drawnAt = at; return; }
  event.preventDefault();
  if (at < drawnAt) return;
  if (response.status < 500) location.reload(); else draw(AWAY_MS);
});
document.addEventListener("htmx:error", () => draw(AWAY_MS));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const key = part.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (key) { event.preventDefault(); key.click(); }
});

readClock();
const back = (forgot) => {
  if (forgot) drawnAt = 0;
  draw();
};
listen({ topics: part.dataset.topics.split(" "), since: part.dataset.since, hear, back });
