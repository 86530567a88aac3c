// The own place in an opened round: drawn on the owner's device from figures it kept, and sent to nobody.
import { binOf, standsFor } from "./sealed_ballot.js";
import { keepSealed, metricOf, numberOf, readTable, sealedOf } from "./benchmark_figures.js";

const { ref } = document.querySelector("#round").dataset;
const rows = [...document.querySelectorAll(".bands tbody tr")];
const words = document.querySelector("#place-words").dataset;
const [LEFT, RIGHT] = [14, 306];
const SVG = "http://www.w3.org/2000/svg";

// As everything here, the own figure is shown to its bin alone: by what stands for it.
const standing = (metric, value) => standsFor(metric)[binOf(metric, value)];

function against(row, metric, value) {
  const found = standing(metric, value);
  if (found < Number(row.dataset.lower)) return words.below;
  return found > Number(row.dataset.upper) ? words.above : words.within;
}

function mark(row, metric, value) {
  const share = (standing(metric, value) - Number(metric.low)) / (Number(metric.high) - Number(metric.low));
  const x = LEFT + (RIGHT - LEFT) * Math.min(Math.max(share, 0), 1);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("class", "f own-mark");
  drawn.setAttribute("d", `M${x - 6} 2h12l-6 10z`);
  row.querySelector("svg").append(drawn);
}

function draw(figures) {
  document.querySelectorAll(".own-mark").forEach((each) => each.remove());
  const own = new Map(figures.map(({ name, value }) => [name, value]));
  for (const row of rows) {
    const metric = metricOf(row);
    const [value, cell] = [own.get(metric.name), row.querySelector(".place")];
    if (value === undefined || value === null) { cell.textContent = words.none; continue; }
    cell.textContent = row.dataset.lower ? against(row, metric, value) : "–";
    if (row.dataset.lower) mark(row, metric, value);
  }
  document.querySelectorAll(".own-column").forEach((each) => { each.hidden = false; });
  document.querySelector("#own").hidden = false;
  document.querySelector("#no-own").hidden = true;
}

const kept = sealedOf(ref);
if (kept) draw(kept);
else {
  document.querySelector("#no-own").hidden = false;
  document.querySelector("#own-file").addEventListener("change", async ({ target }) => {
    const [found] = readTable((await target.files[0]?.text()) ?? "", rows.map(metricOf));
    const figures = [...found].map(([name, typed]) => ({ name, value: typed === null ? null : numberOf(typed) }));
    const whole = figures.filter(({ value }) => !Number.isNaN(value));
    if (!whole.length) return;
    keepSealed(ref, whole);
    draw(whole);
  });
}
