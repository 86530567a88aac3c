// Plays an hour of a floor on its plan. Without it the table of events says the same.
const SVG = "http://www.w3.org/2000/svg";
const STEP_S = 15;
const figure = document.querySelector("[data-film]");
const plan = figure.querySelector(".plan");
const find = (name) => figure.querySelector(`[data-${name}]`);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const words = figure.querySelector("[data-words]").dataset;
const WAITING_MOST = 12; // rows of what waits; the picture and the count beside it hold all
const spots = [...plan.querySelectorAll(".place")].map((place) => place.transform.baseVal.consolidate().matrix).map(({ e, f }) => [e, f]);
const names = [...plan.querySelectorAll(".place .name")].map((name) => name.textContent);
const made = (name, attributes, parent) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return parent.appendChild(element);
};
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const later = (moment) => (moment === null ? Infinity : moment);

const draw = (film) => {
  const needs = made("g", {}, plan);
  const seats = film.seats.map((name, number) => {
    const seat = made("g", { class: "seat" }, plan);
    made("title", {}, seat).textContent = name;
    made("rect", { x: -13, y: -13, width: 26, height: 26 }, seat);
    made("text", { class: "m", y: 5 }, seat).textContent = number + 1;
    return seat;
  });
  const legs = film.seats.map((_, seat) => film.legs.filter((leg) => leg.seat === seat));
  const dots = new Map();

  const stand = (seat, now) => {
    const leg = legs[seat].findLast((each) => each.from_s <= now);
    if (!leg) return { spot: spots[legs[seat][0]?.start ?? film.homes[seat]], doing: "waits" };
    const through = now < leg.until_s;
    const part = through && leg.until_s > leg.from_s ? (now - leg.from_s) / (leg.until_s - leg.from_s) : 1;
    const [from, to] = [spots[leg.start], spots[leg.end]];
    const spot = [0, 1].map((axis) => from[axis] + part * (to[axis] - from[axis]));
    return { spot, doing: through ? (leg.serves ? "serves" : "walks") : "waits" };
  };

  return (now) => {
    seats.forEach((seat, number) => {
      const { spot, doing } = stand(number, now);
      const beside = doing === "walks" ? 0 : 36; // beside the disc, so that its name can be read
      seat.setAttribute("class", `seat ${doing}`);
      seat.setAttribute("transform", `translate(${spot[0] + beside + (doing === "waits" ? number * 7 : 0)} ${spot[1]})`);
    });
    const waiting = film.needs.filter((need) => need.arises_s <= now && now < Math.min(later(need.begins_s), later(need.gives_up_s)));
    const here = new Map(waiting.map((need) => [need.number, need]));
    for (const [number, dot] of dots) if (!here.has(number)) { dot.remove(); dots.delete(number); }
    const count = new Map();
    for (const need of waiting) {
      const dot = dots.get(need.number) ?? made("circle", { r: 6 }, needs);
      dots.set(need.number, dot);
      const at = count.get(need.place) ?? 0;
      count.set(need.place, at + 1);
      dot.setAttribute("class", later(need.asked_s) <= now ? "fh" : "unasked");
      dot.setAttribute("cx", spots[need.place][0] + 16 - at * 15);
      dot.setAttribute("cy", spots[need.place][1] - 20);
    }
    const asked = waiting.filter((need) => later(need.asked_s) <= now).length;
    return { told: `${asked} ${words.asked}, ${waiting.length - asked} ${words.unasked}`, waiting };
  };
};

const film = await (await fetch(figure.dataset.film)).json();
const paint = draw(film);
const rows = find("waiting");
const scrub = find("at");
const play = find("play");
const label = play.textContent;
let now = film.begins_s;
let playing = false;
let last = 0;
Object.assign(scrub, { min: film.begins_s, max: film.ends_s, value: now });

// Those who wait longest stand first; rows are kept, so that the list does not flicker.
const list = (waiting) => {
  const oldest = waiting.toSorted((a, b) => a.arises_s - b.arises_s).slice(0, WAITING_MOST);
  while (rows.children.length > oldest.length) rows.lastChild.remove();
  oldest.forEach((need, at) => {
    const row = rows.children[at] ?? rows.appendChild(document.createElement("li"));
    const parts = [names[need.place], need.kind, clock(now - need.arises_s)];
    parts.forEach((part, place) => { (row.children[place] ?? row.appendChild(document.createElement(["b", "span", "small"][place]))).textContent = part; });
    row.classList.toggle("wait", later(need.asked_s) <= now);
  });
};
const show = (moment) => {
  now = Math.min(Math.max(moment, film.begins_s), film.ends_s);
  const { told, waiting } = paint(now);
  list(waiting);
  scrub.value = now;
  const shown = clock(now - film.begins_s);
  scrub.setAttribute("aria-valuetext", `${shown}, ${told}`);
  find("clock").value = shown;
  find("told").textContent = told;
};
const tick = (time) => {
  if (!playing) return;
  const passed = Math.min(time - last, 200) / 1000;
  last = time;
  show(now + passed * Number(find("speed").value));
  if (now >= film.ends_s) turn(false); else requestAnimationFrame(tick);
};
const turn = (on) => {
  playing = on;
  play.textContent = on ? play.dataset.pause : label;
  if (on) { last = performance.now(); requestAnimationFrame(tick); }
};

play.hidden = still.matches; // step by step instead
still.addEventListener("change", () => { turn(false); play.hidden = still.matches; });
play.addEventListener("click", () => { if (now >= film.ends_s) show(film.begins_s); turn(!playing); });
scrub.addEventListener("input", () => { turn(false); show(Number(scrub.value)); });
for (const step of figure.querySelectorAll("[data-step]")) {
  step.addEventListener("click", () => { turn(false); show(now + Number(step.dataset.step) * STEP_S); });
}
figure.querySelector(".player").hidden = false;
find("now").hidden = false;
show(now);
