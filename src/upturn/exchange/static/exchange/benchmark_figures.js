// The figures of one company, on its own device: typed, taken from a table, put into bins, saved.
// No input here has a name, so that no form can send one.
import { binOf } from "./sealed_ballot.js";
import { read, save, write } from "./device.js";

const ABSENT = new Set(["", "-", "–", "n/a", "not applicable"]);

/** What a row of the page says about its metric. */
export const metricOf = ({ dataset }) => {
  const edges = dataset.edges.split(" ");
  return { name: dataset.name, said: dataset.said, edges, low: dataset.low, high: dataset.high, bins: edges.length + 2 };
};

/** A number as people write it, or NaN. */
export function numberOf(typed) {
  const text = typed.trim().replace(/[\s\u00a0%]/g, "").replace("−", "-").replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
}

/** Lines "metric, figure" as [figures by name, lines that fit no metric]. */
export function readTable(text, metrics) {
  const known = new Map(metrics.flatMap((one) => [[one.name, one.name], [one.said, one.name]].map(([from, to]) => [from.toLowerCase(), to])));
  const [found, strange] = [new Map(), []];
  for (const line of text.split(/\r?\n/).filter((each) => each.trim())) {
    const split = [..."\t;,"].filter((mark) => line.includes(mark))[0];
    const at = split ? line.indexOf(split) : line.length;
    const name = known.get(line.slice(0, at).trim().replace(/^"|"$/g, "").toLowerCase());
    const figure = line.slice(at + 1).trim().replace(/^"|"$/g, "");
    if (name) found.set(name, ABSENT.has(figure.toLowerCase()) ? null : figure);
    else if (!/^metric\b/i.test(line)) strange.push(line.trim().slice(0, 60));
  }
  return [found, strange];
}

/** The same lines, as the command line reads them. */
export const writeTable = (rows) =>
  `metric,figure\n${rows.map(({ name, value }) => `${/[",]/.test(name) ? JSON.stringify(name) : name},${value ?? ""}`).join("\n")}\n`;

const DRAFT = (ref) => `figures ${ref}`;
const SEALED = (ref) => `sealed ${ref}`;
export const keepSealed = (ref, rows) => write(SEALED(ref), rows);
export const sealedOf = (ref) => read(SEALED(ref));

/** The form of figures: draft kept as it is typed, each shown as the bin it is sealed as. */
export function entering(form, ref, say) {
  const lines = [...form.querySelectorAll(".figures > li")].map((item) => ({
    item, metric: metricOf(item),
    typed: item.querySelector("input[type=text]"), none: item.querySelector("input[type=checkbox]"),
    told: item.querySelector(".bin"), words: item.dataset.bins.split("|"),
  }));
  const { dataset: words } = form;
  const valueOf = ({ typed, none }) => (none.checked ? null : typed.value.trim() ? numberOf(typed.value) : undefined);
  const tell = (line) => {
    const value = valueOf(line);
    const bad = Number.isNaN(value);
    line.typed.toggleAttribute("aria-invalid", bad);
    line.typed.disabled = line.none.checked;
    line.told.textContent = value === undefined ? ""
      : bad ? words.nonumber.replace("{typed}", line.typed.value)
        : words.sealedAs.replace("{bin}", line.words[binOf(line.metric, value)]);
  };
  const keep = () => write(DRAFT(ref), lines.map(({ metric, typed, none }) => [metric.name, typed.value, none.checked]));
  const put = (line, value) => {
    line.none.checked = value === null;
    line.typed.value = value ?? "";
    tell(line);
  };
  for (const [name, value, none] of read(DRAFT(ref), [])) {
    const line = lines.find(({ metric }) => metric.name === name);
    if (line) { line.typed.value = value; line.none.checked = none; tell(line); }
  }
  form.addEventListener("input", ({ target }) => {
    const line = lines.find(({ item }) => item.contains(target));
    if (line) { tell(line); keep(); }
  });
  const take = (text) => {
    const [found, strange] = readTable(text, lines.map(({ metric }) => metric));
    for (const line of lines) if (found.has(line.metric.name)) put(line, found.get(line.metric.name));
    keep();
    say([strange.length ? words.unknown.replace("{lines}", strange.join(" | ")) : "", words.taken.replace("{many}", found.size)].filter(Boolean).join(" "));
  };
  form.querySelector("#take").addEventListener("click", () => take(form.querySelector("#pasted").value));
  form.querySelector("#figures-file").addEventListener("change", async ({ target }) => take((await target.files[0]?.text()) ?? ""));
  const rows = () => lines.map((line) => ({ name: line.metric.name, value: valueOf(line) }));
  form.querySelector("#save-figures").addEventListener("click", () =>
    save(`figures-${ref.slice(0, 8)}.csv`, writeTable(rows().map(({ name, value }) => ({ name, value: Number.isNaN(value) ? null : value }))), "text/csv"));
  return {
    /** The figures and their bins, or null after saying what is missing. */
    whole() {
      const open = lines.filter((line) => !(Number.isFinite(valueOf(line)) || valueOf(line) === null));
      if (open.length) {
        say(words.missing.replace("{names}", open.map(({ metric }) => metric.said).join(", ")));
        open[0].typed.focus();
        return null;
      }
      return { rows: rows(), bins: lines.map((line) => binOf(line.metric, valueOf(line))) };
    },
  };
}
