// "/" finds, arrow keys walk a list marked data-walk, Escape closes an open menu. Each is also a link or a button.
const typing = (event) => event.target.closest("input, textarea, select, [contenteditable]");

const walk = (step) => {
  const row = document.activeElement.closest("[data-walk] > li");
  const rows = row ? [...row.parentElement.children] : [];
  rows.at((rows.indexOf(row) + step) % rows.length)?.querySelector("a")?.focus();
  return row !== null;
};

const actions = {
  "/": () => { document.querySelector(".me a.find")?.click(); return true; },
  Escape: () => { document.querySelectorAll("details.more[open]").forEach((menu) => menu.removeAttribute("open")); return false; },
  ArrowDown: () => walk(1),
  ArrowUp: () => walk(-1),
};

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (actions[event.key]?.()) event.preventDefault();
});
