// One question a screen. Without this the page is one long form and works as well.
import { knownWords, rareWords } from "./rare.js";

const DRAFT = `answers ${location.pathname}`;
const main = () => document.querySelector("#main");
const make = (tag, given = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...inside);
  return made;
};

const keepDraft = (form) => {
  const fields = [...new FormData(form)].filter(([name]) => name.startsWith("q."));
  sessionStorage.setItem(DRAFT, JSON.stringify(fields));
};

const bringBack = (form) => {
  let fields = [];
  try { fields = JSON.parse(sessionStorage.getItem(DRAFT) ?? "[]"); } catch { sessionStorage.removeItem(DRAFT); }
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
};

// What somebody gave on a screen, in words; empty where it was left out.
const given = (step) => {
  if (step.dataset.kind === "pick") return step.querySelector(":checked")?.nextElementSibling.textContent ?? "";
  if (step.dataset.kind === "words") return step.querySelector("textarea").value.trim();
  const parts = [...step.querySelectorAll(".split-part")];
  if (parts.every((part) => !Number(part.querySelector("input").value))) return "";
  return parts.map((part) => `${part.querySelector("label").textContent}: ${part.querySelector("input").value}`).join(" · ");
};

const sumOf = (step) => [...step.querySelectorAll("input")].reduce((sum, field) => sum + Number(field.value), 0);

const clear = (step) => {
  for (const field of step.querySelectorAll("input, textarea")) {
    if (field.type === "radio") field.checked = false;
    else field.value = field.type === "number" ? "0" : "";
  }
};

const start = (form) => {
  const say = JSON.parse(form.dataset.say);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const promise = form.querySelector("#promise");
  const title = make("h1", { className: "vh", textContent: document.title });
  const steps = [...form.querySelectorAll(".step")];
  const wording = (step) => step.querySelector("legend").lastChild.textContent.trim();
  const look = make("section", { className: "screen look", hidden: true });
  const screens = [promise, ...steps, look];
  const back = make("button", { type: "button", className: "btn", textContent: say.back });
  const next = make("button", { type: "button", className: "btn go" });
  const where = make("span", {});
  const left = make("span", {});
  const trouble = make("p", { className: "bad" });
  trouble.setAttribute("role", "alert");
  const progress = make("p", {}, where, left);
  const thumb = make("footer", { className: "thumb" }, make("div", { className: "inner" }, trouble, progress, back, next));
  const leaving = [];
  let at = 0;
  let backToLook = false;
  let sending = false;

  const time = (seconds) => (seconds <= 100
    ? fill(say.seconds, { n: Math.max(30 * Math.round(seconds / 30), 30) })
    : fill(say.minutes, { n: Math.max(Math.round(seconds / 60), 2) }));

  const label = () => {
    const step = screens[at];
    for (const each of leaving) each.hidden = !given(each.closest(".step"));
    if (step === look) next.textContent = say.send;
    else if (step === promise) next.textContent = form.dataset.begin;
    else next.textContent = given(step) ? say.next : say.skip;
    next.classList.toggle("go", !steps.includes(step) || given(step));
  };

  const show = (to, { focus = true } = {}) => {
    at = to;
    for (const screen of screens) screen.hidden = screen !== screens[at];
    title.hidden = !steps.includes(screens[at]);
    back.hidden = at === 0;
    trouble.textContent = "";
    progress.hidden = screens[at] === look;
    if (at === 0) {
      where.textContent = promise.querySelector(".length").textContent;
      left.textContent = "";
    } else if (!progress.hidden) {
      where.textContent = fill(say.step, { at, n: steps.length });
      left.textContent = fill(say.left, { time: time(steps.slice(at - 1).reduce((sum, step) => sum + Number(step.dataset.seconds), 0)) });
    }
    if (screens[at] === look) drawLook();
    label();
    scrollTo({ top: 0 });
    if (focus) screens[at].querySelector("h1, legend").focus({ preventScroll: true });
  };

  const drawLook = () => {
    const list = make("dl", { className: "looked" });
    steps.forEach((step, index) => {
      const change = make("button", { type: "button", className: "btn plain", textContent: say.look_change });
      change.setAttribute("aria-label", `${say.look_change}: ${wording(step)}`);
      change.addEventListener("click", () => { backToLook = true; show(index + 1); });
      const said = given(step);
      const answer = make("span", {}, step.dataset.kind === "words" && said ? make("span", { className: "word", dir: "auto", textContent: said }) : said || say.look_left_out);
      list.append(make("div", {}, make("dt", { textContent: wording(step) }), make("dd", {}, answer, change)));
    });
    const heading = make("h1", { textContent: say.look, tabIndex: -1 });
    look.replaceChildren(make("header", { className: "lead" }, heading, make("p", { textContent: say.look_hint })), list);
  };

  const splitTrouble = (step) => (step.dataset.kind === "split" && ![0, 10].includes(sumOf(step))
    ? fill(say.problem_split, { value: sumOf(step) }) : "");

  const goOn = () => {
    const wrong = at > 0 && screens[at] !== look ? splitTrouble(screens[at]) : "";
    if (wrong) { trouble.textContent = wrong; return; }
    if (screens[at] === look) { send(); return; }
    show(backToLook ? screens.length - 1 : at + 1);
    if (screens[at] === look) backToLook = false;
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    next.setAttribute("aria-disabled", "true");
    next.textContent = say.sending;
    trouble.textContent = "";
    let answer;
    let page;
    try {
      const body = new URLSearchParams(new FormData(form));
      answer = await fetch(form.action, { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" });
      page = await answer.text();
    } catch {
      answer = null;
    }
    sending = false;
    next.removeAttribute("aria-disabled");
    label();
    if (!answer || answer.status >= 500) { trouble.textContent = answer ? say.busy : say.lost; return; }
    const come = new DOMParser().parseFromString(page, "text/html");
    if (answer.ok || answer.status === 410) sessionStorage.removeItem(DRAFT);
    thumb.remove();
    main().replaceWith(come.querySelector("#main"));
    document.body.classList.remove("stepwise");
    if (document.querySelector("#sheet")) start(document.querySelector("#sheet"));
    else document.querySelector("h1").focus();
  };

  form.prepend(title);
  form.append(look);
  main().after(thumb);
  document.body.classList.add("stepwise");
  for (const each of form.querySelectorAll(".with-script, [data-by]")) each.hidden = false;
  form.querySelector(".plain-send").remove();
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", goOn);
  form.addEventListener("submit", (event) => { event.preventDefault(); goOn(); });
  form.addEventListener("input", () => { keepDraft(form); trouble.textContent = ""; label(); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (button) { shift(button); keepDraft(form); trouble.textContent = ""; label(); }
  });
  for (const step of steps) {
    const leave = make("button", { type: "button", className: "btn plain", textContent: say.skip });
    leave.addEventListener("click", () => { clear(step); step.dispatchEvent(new Event("input", { bubbles: true })); goOn(); });
    leaving.push(leave);
    step.lastElementChild.replaceWith(make("p", { className: "acts" }, leave));
    if (step.dataset.kind === "words") watchWords(step, form, say);
  }
  bringBack(form);
  const wrong = steps.findIndex((step) => "wrong" in step.dataset);
  show(wrong + 1, { focus: wrong >= 0 });
};

// One hour more or less. The parts never make more than ten: what one gains, the largest other loses.
const shift = (button) => {
  const step = button.closest(".step");
  const field = button.parentElement.querySelector("input");
  const others = [...step.querySelectorAll("input")].filter((each) => each !== field);
  const value = Number(field.value) + Number(button.dataset.by);
  if (value < 0 || value > 10) return;
  field.value = String(value);
  if (sumOf(step) > 10) {
    const largest = others.reduce((one, other) => (Number(other.value) > Number(one.value) ? other : one));
    largest.value = String(Number(largest.value) - 1);
  }
  step.querySelector(".sum").textContent = `${sumOf(step)} / 10`;
};

const learned = {};
const learn = async (form) => {
  const { language, words, vocabulary } = form.dataset;
  learned[language] ??= fetch(words, { credentials: "omit" }).then((answer) => answer.json())
    .then((come) => knownWords(come, `${vocabulary} ${form.textContent}`));
  return learned[language];
};

const watchWords = (step, form, say) => {
  const field = step.querySelector("textarea");
  const note = step.querySelector(".rare");
  let waiting;
  const mark = async () => {
    const known = await learn(form).catch(() => null);
    const marks = known ? rareWords(field.value, form.dataset.language, known) : [];
    if (marks.length === 0) { note.replaceChildren(); return; }
    const list = make("ul", {}, ...marks.map(({ words, rarity }) => make("li", {}, make("b", { textContent: words }), " ", make("small", { textContent: say[`rare_${rarity}`] }))));
    note.replaceChildren(make("p", { textContent: say.rare_heading }), list, make("small", { textContent: say.rare_hint }));
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(mark, 400); });
  if (field.value) mark();
};

const sheet = document.querySelector("#sheet");
if (sheet) start(sheet);
else if (document.querySelector("[data-used]")) sessionStorage.removeItem(DRAFT);
