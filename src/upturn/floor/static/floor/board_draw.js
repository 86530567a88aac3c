// Draws lists, plan and round into the page. A row keeps its element, and so its focus, as long as
// its need waits; when the row that had the focus goes, the next one gets it.
const fill = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
const show = (element, is) => { if (element && element.hidden === is) element.hidden = !is; };
const at = (root, name) => root.querySelector(`[data-${name}]`);

const drawRow = (item, row) => {
  if (item.className !== row.looks) item.className = row.looks;
  const need = item.querySelector("[name=need]");
  if (need.value !== row.ref) need.value = row.ref;
  fill(at(item, "short"), row.short);
  fill(at(item, "what"), row.what);
  fill(at(item, "when"), row.when);
  fill(at(item, "words"), row.words);
  show(at(item, "words"), row.words !== "");
  fill(at(item, "alone"), row.alone);
  show(at(item, "alone"), row.alone !== "");
  show(at(item, "tap"), row.alone === "");
  fill(at(item, "name"), ` ${row.place}, ${row.what}`);
};

const made = (template, row) => {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.ref = row.key;
  return item;
};

// Rows in their order; the one with the focus stays where it is, the others move around it.
export const drawList = (list, rows, template) => {
  const focused = document.activeElement?.closest?.("[data-ref]");
  const known = new Map([...list.children].map((item) => [item.dataset.ref, item]));
  const items = rows.map((row) => known.get(row.key) ?? made(template, row));
  items.forEach((item, number) => drawRow(item, rows[number]));
  const staying = new Set(items);
  const held = staying.has(focused) ? focused : null;
  if (focused && list.contains(focused) && !held) heir(focused, staying)?.focus({ preventScroll: true });
  for (const item of known.values()) if (!staying.has(item)) item.remove();
  if (items.every((item, number) => list.children[number] === item)) return;
  const middle = items.indexOf(held);
  items.forEach((item, number) => { if (item !== held) list.insertBefore(item, number < middle ? held : null); });
};

const heir = (focused, staying) => {
  let next = focused.nextElementSibling ?? focused.previousElementSibling;
  while (next && !staying.has(next)) next = next.nextElementSibling;
  return next?.querySelector("button") ?? document.querySelector("[data-thumb] form:not([hidden]) button");
};

// Why these are in the round stands elsewhere on the screen; it is read out all the same.
const KNOWN = new Set(["own", "detour", "on the way"]);
const LONG = 24;

export const drawRound = (root, round, words, { declined, quiet }) => {
  show(at(root, "round-where"), Boolean(round?.steps));
  if (round?.steps) fill(at(root, "steps"), words(round.taken ? "your" : "next", {}, round.steps));
  fill(at(root, "carry"), round?.carry ?? "");
  fill(at(root, "title"), round ? round.title : declined ? words("declined") : quiet);
  at(root, "title").classList.toggle("long", at(root, "title").textContent.length > LONG);
  fill(at(root, "more"), round?.more ?? "");
  fill(at(root, "note"), round?.note ?? "");
  show(at(root, "note"), Boolean(round?.note));
  const list = at(root, "stops");
  const stops = round?.stops ?? [];
  while (list.children.length > stops.length) list.lastElementChild.remove();
  while (list.children.length < stops.length) list.append(at(root, "stop").content.firstElementChild.cloneNode(true));
  stops.forEach((stop, number) => {
    const item = list.children[number];
    item.className = stop.code === "own urgent" ? "now" : KNOWN.has(stop.code) ? "known" : "";
    for (const name of ["place", "what", "why", "aside"]) fill(at(item, name), stop[name] ?? "");
  });
};

export const drawThumb = (thumb, round, words, queues) => {
  const next = round?.stops.find((stop) => stop.need);
  const when = !next ? "quiet" : round.taken ? "taken" : "open";
  const focused = thumb.contains(document.activeElement) && document.activeElement.closest("[data-when]");
  thumb.querySelectorAll("[data-when]").forEach((form) => show(form, form.dataset.when === when));
  if (focused && focused.hidden) thumb.querySelector(`[data-when=${when}] button:last-of-type`)?.focus();
  if (!next) return;
  const needs = at(thumb, "needs");
  if (!needs) return;
  needs.replaceChildren(...round.stops.filter((stop) => stop.need).map((stop) => Object.assign(document.createElement("input"), { type: "hidden", name: "needs", value: stop.need })));
  thumb.querySelector("[data-when=taken] [name=need]").value = next.need;
  fill(at(thumb, "next"), words("done_at", { place: next.place }));
  fill(at(thumb, "take"), words(queues.has(next.place) ? "take_call" : "take"));
};

const SVG = "http://www.w3.org/2000/svg";
const shape = (name, attributes, parent) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return parent.appendChild(element);
};
const spot = (plan, place, radius) => {
  const group = shape("g", { "data-spot": place.id, transform: `translate(${place.px} ${place.py})` }, plan);
  if (place.kind !== "table") { shape("text", { class: "q m", y: 4 }, group).textContent = place.id; return group; }
  shape("circle", { class: "disc", r: radius }, group);
  shape("text", { class: "m", y: 5 }, group).textContent = place.short;
  shape("circle", { class: "dot", cx: radius, cy: -radius, r: 6 }, group);
  return group;
};

// The plan: own tables filled, the others outlined, a dot for a need, the way of the round dotted.
export const drawPlan = (root, state, lists, round) => {
  const plan = at(root, "plan");
  const { width, height, radius, names } = state.plan;
  show(at(root, "plan-of"), height > 0);
  if (plan.dataset.drawn !== JSON.stringify(state.plan)) {
    plan.dataset.drawn = JSON.stringify(state.plan);
    for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height, class: `plan names-${names}` })) plan.setAttribute(key, value);
  }
  const own = new Set(state.me?.sections);
  const asked = new Set([...lists.mine, ...lists.beside, ...lists.rest].map((row) => row.place));
  const yours = new Set(lists.mine.filter((row) => row.looks === "now").map((row) => row.place));
  const drawn = new Map([...plan.querySelectorAll("[data-spot]")].map((group) => [group.dataset.spot, group]));
  for (const place of state.places) {
    if (place.px === undefined) continue;
    const group = drawn.get(place.id) ?? spot(plan, place, radius);
    drawn.delete(place.id);
    const looks = ["spot", place.kind, own.has(place.section) && "own", asked.has(place.id) && "waits", yours.has(place.id) && "urgent", place.since_s !== null && "sits"].filter(Boolean).join(" ");
    if (group.getAttribute("class") !== looks) group.setAttribute("class", looks);
  }
  drawn.forEach((group) => group.remove());
  const spots = new Map(state.places.map((place) => [place.id, place]));
  const way = (round?.path ?? []).map((id) => spots.get(id)).filter((place) => place?.px !== undefined);
  at(plan, "path").setAttribute("d", way.map(({ px, py }, number) => `${number ? "L" : "M"}${px} ${py}`).join(""));
};

// At a queue only what comes in there can be put on the board.
export const drawKinds = (root, state) => {
  const panel = at(root, "ask");
  const place = panel?.querySelector("[name=place]:checked")?.value;
  const isQueue = state.places.some((each) => each.id === place && each.kind === "queue");
  const here = new Set(state.kinds.filter((kind) => !isQueue || kind.queues.includes(place)).map((kind) => kind.name));
  panel?.querySelectorAll("[name=kind]").forEach((button) => show(button, here.has(button.value)));
};

export const drawHands = (root, hands) => root.querySelectorAll("[data-hands] button").forEach((button) => button.setAttribute("aria-pressed", String((hands[button.value] ?? 0) > 0)));

// What can be chosen from stands in the page already, save when it was opened without a network.
const CHOSEN = ["table", "queue"];
export const drawChoices = (root, state) => {
  const fill_in = (where, wanted, template, make) => {
    if (!where || where.querySelector("input:not([type=hidden]), button")) return;
    where.append(...wanted.map((each) => make(at(root, template).content.firstElementChild.cloneNode(true), each)));
  };
  const own = new Set(state.me?.sections);
  fill_in(at(root, "places"), state.places.filter((place) => CHOSEN.includes(place.kind)), "chip", (label, place) => {
    label.classList.toggle("theirs", own.size > 0 && !own.has(place.section));
    label.firstElementChild.value = label.lastElementChild.textContent = place.id;
    return label;
  });
  fill_in(at(root, "kinds"), state.kinds, "choice", (button, kind) => Object.assign(button, { name: "kind", value: kind.name, textContent: kind.label }));
  fill_in(at(root, "hands"), state.me?.items ?? [], "choice", (button, item) => {
    button.dataset.most = item.capacity;
    return Object.assign(button, { name: "item", value: item.name, textContent: item.label });
  });
  show(root.querySelector("[data-some=carry]"), Boolean(state.me?.items.length));
};

export const drawOffer = (root, offer) => {
  const part = at(root, "offer");
  fill(at(part, "card"), offer?.words ?? offer?.card ?? "");
  show(part, Boolean(offer));
};

export const drawLists = (root, lists, words) => {
  const template = at(root, "row");
  for (const [name, rows] of Object.entries(lists)) {
    drawList(root.querySelector(`[data-list=${name}]`), rows, template);
    show(root.querySelector(`[data-some=${name}]`), rows.length > 0);
    show(root.querySelector(`[data-none=${name}]`), rows.length === 0);
  }
  fill(root.querySelector("[data-count=rest]"), words("rest", {}, waitsIn(lists.rest)));
};
export const waitsIn = (rows) => rows.reduce((sum, row) => sum + row.n, 0);
export { at, fill, show };
