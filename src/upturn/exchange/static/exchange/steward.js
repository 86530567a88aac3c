// The steward reads what was sealed for this key, on this device, and lets it pass or not.
import { BallotError, bytes, keys, unhex } from "./sealed_ballot.js";
import { key, say } from "./device.js";
import { digestOf, load, tell } from "./guard_device.js";
import { button, made } from "./guard_panel.js";

const desk = document.querySelector("#desk");
const place = document.querySelector("#file-field");

function noteOf({ text, rules }, side) {
  const [{ id, topic }] = rules;
  const stop = rules.some(({ hard }) => hard) ? "hard" : "soft";
  return { rule: id, version: side.version, topic, text_digest: digestOf(text, side), stop, action: "released" };
}

async function decided(row, note) {
  const answer = await tell(desk.dataset.at, { ref: row.dataset.held, note }).catch(() => ({ ok: false }));
  if (!answer.ok && !answer.gone) say(answer.said ?? desk.dataset.offline);
  else row.replaceChildren(made("p", { role: "status" }, note ? desk.dataset.passed : desk.dataset.stopped));
}

function opened(row, own, side) {
  const content = JSON.parse(bytes.textOf(keys.openBox(own, unhex(row.dataset.sealed))));
  const by = [...new Set(content.rules.map(({ id }) => (side.words[id] ?? [id])[0]))];
  row.querySelectorAll(".opened").forEach((each) => each.remove());
  row.append(made("div", { className: "opened" },
    made("p", { className: "word", dir: "auto" }, content.text),
    made("p", { className: "aside" }, `${desk.dataset.about} ${content.about}`),
    ...by.map((line) => made("p", { className: "aside" }, `${desk.dataset.by} ${line}`)),
    made("p", { className: "acts" },
      button(desk.dataset.pass, () => decided(row, noteOf(content, side))),
      button(desk.dataset.refuse, () => decided(row, null)))));
}

async function openAll(own) {
  const side = await load();
  say("");
  for (const row of desk.querySelectorAll("[data-held]")) {
    try {
      opened(row, own, side);
    } catch (error) {
      if (!(error instanceof BallotError || error instanceof SyntaxError || error instanceof TypeError)) throw error;
      say(desk.dataset.wrong);
    }
  }
}

if (desk) {
  const own = key();
  if (own) openAll(own).catch(() => say(desk.dataset.offline));
  else place.hidden = false;
  place.addEventListener("change", async ({ target }) => {
    try {
      const read = keys.readKeyFile(await target.files[0].text());
      await openAll(read.key);
    } catch (error) {
      if (!(error instanceof BallotError)) throw error;
      say(desk.dataset.nofile);
    }
  });
}
