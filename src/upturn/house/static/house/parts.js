// Parts of a page that are drawn anew: by the newest answer, and by nothing that is no part. A whole
// page says that nobody is signed in, or that the house fell: what was sent stays in its form.
const AWAY_MS = 2000;
const SKIP = "hx-morph-skip";
const TYPED = "input:not([type=hidden]), textarea, select";
const unheard = document.querySelector("#unheard");
const [newest, last] = [new WeakMap(), new WeakMap()]; // drawn in a part; asked for by an element
let asked = 0;

const again = (part, wait) => setTimeout(() => part?.dispatchEvent(new CustomEvent("changed")), wait);
const reads = (ctx) => ctx.request.method === "GET";
const isWhole = ({ text, response }) => /^\s*<(!doctype|html)\b/i.test(text) || (response.status >= 400 && !/^\s*</.test(text));

// What was typed and could not be sent is left alone by all that is drawn until it is sent again; a
// key that was pressed in vain shows what stands.
const say = (place, look) => {
  place.querySelector(":scope > [data-unheard]")?.remove();
  const said = unheard.content.firstElementChild.cloneNode(true);
  said.className = look;
  place.append(said);
};
const keep = ({ sourceElement, target }) => {
  const form = sourceElement.closest("form");
  if (form?.querySelector(TYPED)) {
    say(form, "bad");
    for (const each of [form, form.closest("details")]) each?.setAttribute(SKIP, "");
  } else {
    say(document.querySelector("#main"), "toast");
    again(target instanceof Element ? target : sourceElement, AWAY_MS);
  }
};
const notDrawn = (ctx) => {
  const { raw, status } = ctx.response;
  if (!reads(ctx)) {
    if (status < 400 && raw.redirected) location.assign(raw.url);
    else keep(ctx);
  } else if (status >= 500) again(ctx.sourceElement, AWAY_MS);
  else if (!document.querySelector(`form[${SKIP}]`)) location.reload();
};

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  asked += 1;
  ctx.asked = asked;
  last.set(ctx.sourceElement, asked);
});
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (isWhole(ctx)) {
    event.preventDefault();
    notDrawn(ctx);
    return;
  }
  const part = tasks[0]?.target;
  if (!part) return;
  if (ctx.asked >= (newest.get(part) ?? 0)) newest.set(part, ctx.asked);
  else if (reads(ctx)) event.preventDefault();
  else again(part, 0);
});
document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  const replaced = error.name === "AbortError" && last.get(ctx.sourceElement) !== ctx.asked;
  if (replaced) return;
  if (reads(ctx)) again(ctx.sourceElement, AWAY_MS);
  else keep(ctx);
});

// A form in which something was typed, and what somebody unfolded, keep as they are when the part
// is drawn anew; what is sent is drawn anew with it.
document.addEventListener("input", ({ target }) => { target.closest?.("#part form")?.setAttribute(SKIP, ""); });
document.addEventListener("toggle", ({ target }) => {
  if (target.closest?.("#part")) target.toggleAttribute(SKIP, target.open);
}, true);
document.addEventListener("submit", ({ target }) => {
  for (const said of document.querySelectorAll("#main > [data-unheard]")) said.remove();
  target.querySelector("[data-unheard]")?.remove();
  if (target.closest("#part")) for (const each of [target, target.closest("details")]) each?.removeAttribute(SKIP);
}, true);
