// What stands under a field when a rule stops it: the sentence, the rule, and the ways on.
const REASONS = ["public", "standard", "example", "misread"];
let drawn = 0;

export const made = (name, given = {}, ...inside) => {
  const { on = {}, data = {}, ...rest } = given;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, data);
  Object.entries(on).forEach(([event, then]) => element.addEventListener(event, then));
  element.append(...inside);
  return element;
};

export const button = (said, then, className = "btn") =>
  made("button", { type: "button", className, on: { click: then } }, said);

/** The place under a field, made once. */
export function panelOf(field) {
  let panel = document.getElementById(field.dataset.guarded ?? "");
  if (!panel) {
    drawn += 1;
    panel = made("div", { className: "guard", id: `guard-${drawn}`, hidden: true, tabIndex: -1 });
    field.dataset.guarded = panel.id;
    const described = [field.getAttribute("aria-describedby"), panel.id].filter(Boolean).join(" ");
    field.setAttribute("aria-describedby", described);
    field.after(panel);
  }
  return panel;
}

export function clear(field) {
  const panel = document.getElementById(field.dataset.guarded ?? "");
  if (!panel) return;
  panel.hidden = true;
  panel.replaceChildren();
  panel.removeAttribute("role");
  delete panel.dataset.shows;
  field.removeAttribute("aria-invalid");
}

const ruleOf = ({ id, line, instead }, { words }) => words[id] ?? [line, instead];

function one(finding, side) {
  const [line, instead] = ruleOf(finding, side);
  return [
    made("p", { className: "word", dir: "auto" }, made("mark", {}, finding.said)),
    made("p", {}, line),
    made("p", { className: "aside" }, made("b", {}, side.says.instead), ` ${instead}`),
  ];
}

function reasons(side, choose) {
  const choices = REASONS.map((code) => button(side.says[code], () => choose(code)));
  return made("fieldset", { className: "acts", hidden: true }, made("legend", {}, side.says.because), ...choices);
}

function acts(side, { hard, ways }) {
  const why = reasons(side, ways.fine);
  const open = () => {
    why.hidden = false;
    why.querySelector("button").focus();
  };
  const row = made("p", { className: "acts" }, button(side.says.change, ways.change));
  if (!hard) row.append(button(side.says.fine, open));
  if (ways.steward) row.append(button(side.says.ask, ways.steward));
  return [row, why];
}

/** Show what stops a field; `firm` when somebody wanted to send it. */
export function show(field, found, side, { firm, ways }) {
  const panel = panelOf(field);
  const shows = JSON.stringify(found.map(({ id, said }) => [id, said]));
  field.setAttribute("aria-invalid", "true");
  if (panel.dataset.shows !== shows || firm) {
    const hard = found.some((each) => each.hard);
    panel.hidden = false;
    panel.dataset.shows = shows;
    panel.setAttribute("role", firm ? "alert" : "status");
    panel.replaceChildren(
      made("p", {}, made("b", {}, hard ? side.says.hard : side.says.soft)),
      ...found.slice(0, 3).flatMap((each) => one(each, side)),
      ...acts(side, { hard, ways }),
      made("p", { className: "aside" }, side.says.here),
    );
  }
  if (firm) panel.focus();
}

/** Say one thing under a field, with ways on. */
export function tellUnder(field, said, ...buttons) {
  const panel = panelOf(field);
  panel.hidden = false;
  panel.setAttribute("role", "status");
  panel.dataset.shows = "told";
  panel.replaceChildren(made("p", {}, said), made("p", { className: "acts" }, ...buttons));
}
