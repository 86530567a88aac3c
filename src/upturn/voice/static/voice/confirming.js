// Keys for the list of comments to confirm. Each does what a button or a field beside it does.
const list = () => document.querySelector("#confirming");
const forms = () => [...list().querySelectorAll(".doubts form")];
const current = () => document.activeElement.closest(".doubts form") ?? forms()[0];
const keep = (form) => form?.querySelector("button[name=keep]");

const step = (by) => {
  const all = forms();
  keep(all[all.indexOf(current()) + by])?.focus();
};

const chooseTheme = (number) => {
  const themes = current()?.elements.theme;
  if (themes?.options[number]) themes.selectedIndex = number;
};

const choosePolarity = (value) => {
  const choice = current()?.querySelector(`[name=polarity][value="${value}"]`);
  if (choice) choice.checked = true;
};

const actions = {
  t: () => current()?.elements.touchpoint.focus(),
  p: () => choosePolarity(1),
  b: () => choosePolarity(-1),
  n: () => choosePolarity(0),
  s: () => current()?.querySelector("[data-key=s]").click(),
  u: () => list().querySelector("[data-key=u]")?.click(),
  Enter: () => keep(current())?.click(),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { tagName } = event.target;
  if (["A", "SUMMARY"].includes(tagName)) return;
  if (["BUTTON", "SUMMARY"].includes(tagName) && event.key === "Enter") return;
  // In a field of choices letters and arrows choose; there only Enter is ours.
  if (tagName === "SELECT" && event.key !== "Enter") return;
  const action = /^[0-9]$/.test(event.key) ? () => chooseTheme(Number(event.key)) : actions[event.key];
  if (!action || forms().length === 0) return;
  event.preventDefault();
  action();
});

// After each answer the next comment is at hand, unless only the line about the lesson was renewed.
let answered = false;
document.addEventListener("submit", () => { answered = true; });
new MutationObserver(() => {
  if (!answered) return;
  answered = false;
  keep(forms()[0])?.focus();
}).observe(document.querySelector("#main"), { childList: true, subtree: true });
keep(forms()[0])?.focus({ preventScroll: true });
