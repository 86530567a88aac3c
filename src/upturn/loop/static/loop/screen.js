// The projector: moved by what the room hears, without a reload.
import { clock, fill, listen } from "./room.js";

const MOST_DOTS = 120;
const [DOT, A_ROW] = [16, 40];
const find = (name) => document.querySelector(`[data-${name}]`);
const show = (node, is) => { if (node) node.hidden = !is; };
let state = JSON.parse(document.getElementById("told").textContent);
const skew = state.now * 1000 - Date.now();

const setClock = clock((text, left) => {
  show(find("clock"), left !== null && state.phase === "write" && state.objection === null);
  if (text) fill(find("clock"), { time: text });
});

const drawDots = () => {
  const dots = find("dots");
  show(dots, state.of <= MOST_DOTS);
  if (state.of > MOST_DOTS) return;
  dots.replaceChildren(...Array.from({ length: state.of }, (_, at) => {
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of [["cx", DOT / 2 + DOT * (at % A_ROW)], ["cy", DOT / 2 + DOT * Math.floor(at / A_ROW)], ["r", 5.5], ["class", at < state.handed ? "f" : "o"]]) dot.setAttribute(name, value);
    return dot;
  }));
};

const drawCounts = () => {
  fill(find("counts"), { handed: state.handed, of: state.of });
  drawDots();
};

const draw = () => {
  const isOpen = state.state === "open";
  const objecting = isOpen && state.objection !== null;
  show(find("objection"), objecting);
  show(find("closed"), !isOpen);
  for (const each of document.querySelectorAll("[data-step]")) {
    show(each, isOpen && !objecting && Number(each.dataset.step) === state.step);
    for (const part of each.querySelectorAll("[data-when]")) show(part, part.dataset.when.split(" ").includes(state.phase));
  }
  document.querySelector("main").classList.toggle("reads", state.phase === "read" && isOpen && !objecting);
  show(document.querySelector("main > aside"), isOpen);
  show(find("counting"), isOpen && state.phase !== "read");
  for (const tick of document.querySelectorAll("[data-tick]")) {
    const at = Number(tick.dataset.tick);
    tick.className = at === state.step ? "now" : at < state.step ? "done" : "";
  }
  drawCounts();
  setClock(state.until === null ? null : state.until - (Date.now() + skew) / 1000);
};

const read = async () => {
  const step = state.step;
  if (state.phase !== "read") return;
  const answer = await fetch(document.body.dataset.wall.replace(/0\/$/, `${step}/`)).catch(() => null);
  const into = document.querySelector(`[data-step="${step}"] [data-cards]`);
  if (answer?.ok && into) into.innerHTML = await answer.text();
};

const hear = (news) => {
  if (news.kind === "stage" && news.state !== state.state) { location.reload(); return; }
  if (news.kind === "stage") { state = { ...state, ...news }; draw(); read(); return; }
  if (news.kind === "count") { state = { ...state, handed: news.handed, of: news.of }; drawCounts(); return; }
  read();
};

draw();
listen({ topics: state.topics, since: state.since, hear, back: (lost) => { if (lost) location.reload(); else read(); } });
