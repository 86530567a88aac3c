// A plan to draw on. The rows of the table are the drawing: what is moved here is written there,
// what is written there is drawn here, and only the table is sent.
const SVG = "http://www.w3.org/2000/svg";
const UNIT = 44;
const SNAP = 0.5;
const LOOKS = ["a", "b", "c", "d"];
const editor = document.querySelector("[data-editor]");
const plan = editor.querySelector("[data-plan]");
const says = editor.querySelector("[data-says]");
const chooser = editor.querySelector("[data-section]");
const words = editor.dataset;
const table = document.querySelector("[data-rows=place] tbody");
const snapped = (metres) => Math.round(metres / SNAP) * SNAP;
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const gone = (row) => field(row, "DELETE")?.checked;
const value = (row, name) => field(row, name).value;
const rows = () => [...table.rows].filter((row) => !gone(row) && value(row, "id"));
const made = (name, attributes, parent) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, given] of Object.entries(attributes)) element.setAttribute(key, given);
  return parent.appendChild(element);
};
const short = (name, section) => { const number = name.match(/\d{1,2}$/)?.[0]; return section + (number ?? ` ${name.slice(0, 2)}`); };
const sections = () => [...new Set(rows().map((row) => value(row, "section")).filter(Boolean))];
const letter = (section) => { const at = sections().indexOf(section); return at < 26 ? String.fromCharCode(65 + at) : String(at + 1); };

let chosen = null;
let box = null;

const addRow = (kind) => {
  const total = document.querySelector(`[name="${kind}-TOTAL_FORMS"]`);
  const body = document.querySelector(`[data-rows="${kind}"] tbody`);
  const empty = document.querySelector(`[data-empty="${kind}"]`);
  const holder = document.createElement("tbody");
  holder.innerHTML = empty.innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  return body.appendChild(holder.rows[0]);
};

// Undo keeps what stood in all fields of the table of places, never more than a hundred times.
const taken = () => [...table.rows].map((row) => ["id", "kind", "section", "x_m", "y_m"].map((name) => value(row, name)).concat(gone(row)));
let past = [];
let future = [];
let before = taken();
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const keep = () => {
  const now = taken();
  if (same(now, before)) return;
  past = [...past.slice(-99), before];
  future = [];
  before = now;
};
const put = (state) => {
  state.forEach((given, at) => {
    const row = table.rows[at];
    ["id", "kind", "section", "x_m", "y_m"].forEach((name, place) => { field(row, name).value = given[place]; });
    if (field(row, "DELETE")) field(row, "DELETE").checked = given[5];
  });
  for (const row of [...table.rows].slice(state.length)) field(row, "DELETE").checked = true;
  before = taken();
  draw();
};
const back = (from, onto) => {
  if (from.length === 0) return;
  onto.push(before);
  put(from.pop());
};

const measure = () => {
  const all = rows();
  const [x, y] = ["x_m", "y_m"].map((name) => all.map((row) => Number(value(row, name))));
  const [room, least] = [1.5, 5];
  const [left, top] = [Math.min(...x), Math.min(...y)].map((end) => (Number.isFinite(end) ? end - room : -room));
  box = { x: left, y: top, w: Math.max(left + least, ...x) + room - left, h: Math.max(top + least, ...y) + room - top };
  plan.setAttribute("viewBox", [box.x, box.y, box.w, box.h].map((metres) => metres * UNIT).join(" "));
};
const tell = (row) => {
  const section = value(row, "section");
  const where = `${Number(value(row, "x_m"))} m, ${Number(value(row, "y_m"))} m`;
  return section ? `${words.table} ${value(row, "id")}, ${words.in} ${letter(section)} ${section}, ${where}` : `${value(row, "id")}, ${where}`;
};
const drawRow = (row) => {
  const section = value(row, "section");
  const is = value(row, "kind");
  const look = is === "table" && section ? `look-${LOOKS[sections().indexOf(section) % LOOKS.length]}` : "";
  const place = made("g", { class: `place ${is} ${look} ${row === chosen ? "chosen" : ""}`, tabindex: row === (chosen ?? rows()[0]) ? 0 : -1, role: "button", "aria-pressed": row === chosen, "aria-label": tell(row), transform: `translate(${Number(value(row, "x_m")) * UNIT} ${Number(value(row, "y_m")) * UNIT})` }, plan);
  place.row = row;
  if (is === "table") {
    made("circle", { class: "disc", r: 20 }, place);
    made("text", { class: "m name", y: 6 }, place).textContent = short(value(row, "id"), section ? letter(section) : "?");
  } else {
    made("rect", { class: "disc", x: -20, y: -14, width: 40, height: 28 }, place);
    made("text", { class: "m name halo", y: 42 }, place).textContent = value(row, "id");
  }
};
const key = editor.querySelector("[data-key]");
const drawSections = () => {
  key.replaceChildren(...sections().map((section) => {
    const row = document.createElement("li");
    const count = rows().filter((each) => value(each, "section") === section).length;
    row.append(Object.assign(document.createElement("b"), { textContent: letter(section) }), ` ${section}: ${count} ${key.dataset.tables}`);
    return row;
  }));
  chooser.replaceChildren(...sections().map((section) => new Option(`${letter(section)}: ${section}`, section)));
  if (chosen && value(chosen, "section")) chooser.value = value(chosen, "section");
};
function draw({ focus = false } = {}) {
  const had = plan.contains(document.activeElement);
  if (chosen && gone(chosen)) chosen = null;
  if (!dragging) measure();
  plan.replaceChildren();
  rows().forEach(drawRow);
  drawSections();
  if ((had || focus) && chosen) [...plan.children].find((place) => place.row === chosen)?.focus();
}
const choose = (row, how) => { chosen = row; draw(how); says.textContent = row ? tell(row) : ""; };
const move = (row, x, y) => {
  field(row, "x_m").value = snapped(x);
  field(row, "y_m").value = snapped(y);
};
const remove = () => {
  if (!chosen) return;
  const all = rows();
  const next = all[all.indexOf(chosen) + 1] ?? all[0];
  says.textContent = `${value(chosen, "id")} ${words.gone}`;
  field(chosen, "DELETE").checked = true;
  chosen = next === chosen ? null : next;
  keep();
  draw({ focus: true });
};
const step = (by) => {
  const all = rows();
  choose(all.at((all.indexOf(chosen) + by) % all.length), { focus: true });
};
const freeName = (start) => {
  const names = new Set([...table.rows].map((row) => value(row, "id")));
  let number = 1;
  while (names.has(`${start} ${number}`)) number += 1;
  return `${start} ${number}`;
};
const add = (kind, at) => {
  const row = addRow("place");
  field(row, "id").value = freeName(kind === "table" ? words.table : words.station);
  field(row, "kind").value = kind;
  field(row, "section").value = kind === "table" ? chooser.value || sections()[0] || "A" : "";
  const spot = at ?? (chosen ? [Number(value(chosen, "x_m")) + 2, Number(value(chosen, "y_m"))] : [0, 0]);
  move(row, ...spot);
  keep();
  choose(row, { focus: true });
};

let dragging = null;
const metres = (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
  return [point.x / UNIT, point.y / UNIT];
};
plan.addEventListener("pointerdown", (event) => {
  const row = event.target.closest(".place")?.row;
  if (!row) return;
  event.preventDefault();
  plan.setPointerCapture(event.pointerId);
  dragging = { row, from: metres(event), spot: [Number(value(row, "x_m")), Number(value(row, "y_m"))] };
  choose(row, { focus: true });
});
plan.addEventListener("pointermove", (event) => {
  if (!dragging) return;
  const here = metres(event);
  move(dragging.row, ...[0, 1].map((axis) => dragging.spot[axis] + here[axis] - dragging.from[axis]));
  draw();
});
const drop = () => { if (dragging) { dragging = null; keep(); draw({ focus: true }); } };
plan.addEventListener("pointerup", drop);
plan.addEventListener("pointercancel", drop);
plan.addEventListener("dblclick", (event) => { if (!event.target.closest(".place")) add("table", metres(event)); });
plan.addEventListener("focusin", (event) => {
  const row = event.target.closest(".place")?.row;
  if (row && row !== chosen) choose(row, { focus: true });
});

const ARROWS = { ArrowLeft: [-SNAP, 0], ArrowRight: [SNAP, 0], ArrowUp: [0, -SNAP], ArrowDown: [0, SNAP] };
plan.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  const key = event.key.toLowerCase();
  if (arrow && chosen) {
    move(chosen, Number(value(chosen, "x_m")) + arrow[0], Number(value(chosen, "y_m")) + arrow[1]);
    keep();
    choose(chosen, { focus: true });
  } else if (key === "n") step(event.shiftKey ? -1 : 1);
  else if (key === "delete" || key === "backspace") remove();
  else if (key === "z") back(event.shiftKey ? future : past, event.shiftKey ? past : future);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

for (const button of editor.querySelectorAll("[data-add]")) button.addEventListener("click", () => add(button.dataset.add));
editor.querySelector("[data-remove]").addEventListener("click", remove);
editor.querySelector("[data-undo]").addEventListener("click", () => back(past, future));
editor.querySelector("[data-redo]").addEventListener("click", () => back(future, past));
chooser.addEventListener("change", () => {
  if (!chosen || value(chosen, "kind") !== "table") return;
  field(chosen, "section").value = chooser.value;
  keep();
  choose(chosen);
});
editor.querySelector("[data-new-section]").addEventListener("click", () => {
  if (!chosen || value(chosen, "kind") !== "table") return;
  const names = new Set(sections());
  let number = 1;
  while (names.has(String(number))) number += 1;
  field(chosen, "section").value = String(number);
  keep();
  choose(chosen);
  const seat = addRow("server");
  const servers = new Set([...document.querySelectorAll('[data-rows=server] [name$="-id"]')].map((each) => each.value));
  let name = 1;
  while (servers.has(`server ${name}`)) name += 1;
  field(seat, "id").value = `server ${name}`;
  field(seat, "section").value = String(number);
  const like = document.querySelector("[data-rows=server] tbody").rows[0];
  for (const part of ["speed_m_s", "carries"]) field(seat, part).value = value(like, part);
});
for (const button of document.querySelectorAll("[data-more]")) {
  button.hidden = false;
  button.addEventListener("click", () => field(addRow(button.dataset.more), button.dataset.more === "need" ? "name" : "id").focus());
}
table.addEventListener("change", () => { keep(); draw(); });
editor.hidden = false;
const places = document.querySelector("[data-places]");
places.open = places.querySelector(".bad") !== null; // what is wrong stays in sight
draw();
