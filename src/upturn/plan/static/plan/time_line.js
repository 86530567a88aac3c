// Moves a moment along the time line: with a pointer, or with the arrow keys by 5 minutes, with
// Shift by 30. The same can be done on the page of the moment, without script.
const STEP = 5;
const FAR = 30;
const WAIT_MS = 700;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const said = document.querySelector("#said");
let timer;
let held;

const rail = () => document.querySelector("svg.rail");
const number = (name) => Number(rail().dataset[name]);
const clock = (at) => [Math.floor(at / 60) % 24, at % 60].map((n) => String(n).padStart(2, "0")).join(":");
const within = (at) => Math.min(Math.max(at, number("from")), number("until"));
const place = (at) => number("start") + (at - number("from")) * number("minute");

const show = (handle, at) => {
  handle.setAttribute("aria-valuenow", at);
  handle.setAttribute("aria-valuetext", clock(at));
  handle.setAttribute("transform", `translate(${place(at) - Number(handle.dataset.x)} 0)`);
  let tip = handle.querySelector(".tip");
  if (!tip) {
    tip = document.createElementNS("http://www.w3.org/2000/svg", "text");
    tip.setAttribute("class", "tip b m halo");
    const circle = handle.querySelector("circle");
    tip.setAttribute("x", circle.getAttribute("cx"));
    tip.setAttribute("y", Number(circle.getAttribute("cy")) - 18);
    handle.append(tip);
  }
  tip.textContent = `${clock(at)} ${handle.getAttribute("aria-label")}`;
};

const take = (handle) => {
  if (held?.handle === handle) return;
  settle();
  held = { handle, from: Number(handle.getAttribute("aria-valuenow")), moment: handle.dataset.moment };
  held.at = held.from;
  handle.classList.add("moving");
};

const forget = () => {
  clearTimeout(timer);
  held?.handle.classList.remove("moving");
  held?.handle.querySelector(".tip")?.remove();
  held = undefined;
};

function settle() {
  if (!held) return;
  const { handle, from, at, moment } = held;
  forget();
  if (at !== from) {
    const form = document.querySelector("#mover");
    const key = [...crypto.getRandomValues(new Uint8Array(9))].map((n) => n.toString(16).padStart(2, "0")).join("");
    Object.entries({ key, moment, at, turn: handle.dataset.turn }).forEach(([name, value]) => { form.elements[name].value = value; });
    said.textContent = form.dataset.said.replace("{name}", handle.getAttribute("aria-label")).replace("{at}", clock(at));
    form.requestSubmit();
  }
  document.dispatchEvent(new CustomEvent("let-go"));
}

const put_back = () => {
  if (!held) return;
  held.handle.removeAttribute("transform");
  held.handle.setAttribute("aria-valuenow", held.from);
  held.handle.setAttribute("aria-valuetext", clock(held.from));
  forget();
  document.dispatchEvent(new CustomEvent("let-go"));
};

const move_to = (at) => {
  held.at = within(at);
  show(held.handle, held.at);
};

const at_pointer = (event) => {
  const box = rail().getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * rail().viewBox.baseVal.width;
  return Math.round(((x - number("start")) / number("minute") + number("from")) / STEP) * STEP;
};

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("svg.rail g[role=slider]");
  if (!handle || event.button !== 0) return;
  take(handle);
  handle.focus();
  handle.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (held?.handle.hasPointerCapture(event.pointerId)) move_to(at_pointer(event));
});
document.addEventListener("pointerup", (event) => {
  if (held?.handle.hasPointerCapture(event.pointerId)) settle();
});
document.addEventListener("pointercancel", put_back);

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("svg.rail g[role=slider]");
  if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") return settle();
  if (event.key === "Escape") return put_back();
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  take(handle);
  const by = KEYS[event.key] * (event.shiftKey ? FAR : STEP);
  move_to((by > 0 ? Math.floor(held.at / STEP) : Math.ceil(held.at / STEP)) * STEP + by);
  clearTimeout(timer);
  timer = setTimeout(settle, WAIT_MS);
});
document.addEventListener("focusout", (event) => { if (event.target === held?.handle) settle(); });
