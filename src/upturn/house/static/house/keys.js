// "/" finds, arrow keys walk a list marked data-walk, Escape closes an open menu. Each is also a link or a button.
const typing = (event) => event.target.closest("input, textarea, select, [contenteditable]");

const walk = (step) => {
  const rows = [...document.querySelectorAll("[data-walk] a:first-of-type")];
  const at = rows.indexOf(document.activeElement);
  rows.at((at + step) % rows.length)?.focus();
  return rows.length > 0;
};

const actions = {
  "/": () => { document.querySelector('.me a.keys')?.click(); return true; },
  Escape: () => { document.querySelectorAll("details.more[open]").forEach((menu) => menu.removeAttribute("open")); return false; },
  ArrowDown: () => document.activeElement.closest("[data-walk]") && walk(1),
  ArrowUp: () => document.activeElement.closest("[data-walk]") && walk(-1),
};

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (actions[event.key]?.()) event.preventDefault();
});
