// Solo practice: answers are kept on this device and nowhere else.
import { specific, tense } from "./specific.js";

const NAME = "upturn-practice";
const page = document.querySelector("[data-practise]");
const says = JSON.parse(document.getElementById("says").textContent);
const language = document.documentElement.lang;
const fields = [...page.querySelectorAll("textarea")];
const save = page.querySelector("[data-save]");
let lists = null;

const read = () => { try { return JSON.parse(localStorage.getItem(NAME)) ?? {}; } catch { return {}; } };
const keep = () => { try { localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(fields.map((each) => [each.id, each.value])))); } catch { /* kept while the page is open */ } };

const hint = (field) => {
  const ahead = field.dataset.kind === "hundred_days" && tense(field.value, language, lists);
  if (ahead) return says[ahead];
  const found = specific(field.value, language, lists);
  return found ? says[["who", "when", "said"].find((key) => !found[key]) ?? "all"] : "";
};
const nudge = (field) => {
  const node = document.getElementById(field.getAttribute("aria-describedby"));
  node.textContent = lists && "specific" in field.dataset ? hint(field) : "";
};
const offer = () => {
  const text = fields.map((each) => `${each.labels[0].textContent.trim()}\n${each.value.trim()}\n`).join("\n");
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  save.hidden = !fields.some((each) => each.value.trim());
};

const kept = read();
for (const each of fields) each.value = kept[each.id] ?? "";
page.addEventListener("input", ({ target }) => { keep(); nudge(target); offer(); });
page.querySelector("[data-forget]").addEventListener("click", () => {
  for (const each of fields) each.value = "";
  try { localStorage.removeItem(NAME); } catch { /* nothing was kept */ }
  offer();
});
offer();
fetch(page.dataset.specific).then((answer) => answer.json()).then((found) => { lists = found; fields.forEach(nudge); }).catch(() => {});
