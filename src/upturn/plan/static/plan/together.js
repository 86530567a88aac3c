// Several people at one page: what others change comes in at once, but never into what somebody is
// typing or moving. Such a part is left alone until it is sent; if it was overtaken, both are shown.
const part = document.querySelector("#part");

// While a handle is held the line stays as it is; what was missed is fetched when it is let go.
let missed = false;
document.addEventListener("changed", (event) => {
  if (!part.querySelector(".moving")) return;
  missed = true;
  event.stopImmediatePropagation();
}, true);
document.addEventListener("let-go", () => {
  if (missed) part.dispatchEvent(new CustomEvent("changed"));
  missed = false;
});

// A form that adds is empty again once its words are stored, and ready for the next.
document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  const form = document.getElementById(ctx.sourceElement?.id || "adding");
  if (!form || form.id !== ctx.sourceElement?.id || !("fresh" in form.dataset) || ctx.response.status >= 400) return;
  form.reset();
  // "toggle" comes a task later; what others changed may be drawn before it.
  ["open", "hx-morph-skip"].forEach((name) => form.closest("details")?.setAttribute(name, ""));
  form.querySelector("input:not([type=hidden])")?.focus();
});

// Where the button that was pressed is gone with its part, the keyboard goes on from the heading.
document.addEventListener("htmx:after:swap", (event) => {
  if (document.activeElement !== document.body || event.detail.ctx.sourceElement?.localName !== "form") return;
  part.querySelector("h1").focus({ preventScroll: true });
});

// Z takes the last change back; so does the button.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  document.querySelector("[data-undo]")?.click();
});
