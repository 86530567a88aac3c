// The company's own list of words, kept and looked at on this device; and its texts that wait.
import { read, save, exchangeRef } from "./device.js";
import { dropHeld, held, keepWords, load, lookAgain, privateWords, withdraw } from "./guard_device.js";
import { button, made } from "./guard_panel.js";

const form = document.querySelector("#words");
const [field, said, none] = ["#listed", "#kept", "#none"].map((each) => document.querySelector(each));
const lines = () => [...new Set(field.value.split("\n").map((each) => each.trim()).filter(Boolean))];
field.value = privateWords().join("\n");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  said.textContent = keepWords(lines()) && read("words") ? form.dataset.kept : form.dataset.full;
});
document.querySelector("#save").addEventListener("click", () => save(`upturn-${exchangeRef}-words.txt`, `${lines().join("\n")}\n`));

function row(entry, side) {
  const gone = () => {
    dropHeld(entry.ref);
    draw(side);
  };
  const back = async () => {
    const answer = await withdraw(entry, side).catch(() => ({ ok: false }));
    if (answer.ok || answer.gone) draw(side);
  };
  const waits = entry.state === "waiting";
  const way = waits ? button(side.says.withdraw, back) : button(side.says.drop, gone, "btn plain");
  return made("li", {},
    made("p", { className: "word", dir: "auto" }, entry.text),
    made("p", { className: "aside" }, `${side.says[entry.state]} `, made("a", { href: entry.at }, side.says.where)),
    made("p", { className: "acts" }, way));
}

function draw(side) {
  const entries = held();
  document.querySelector("#held").replaceChildren(...entries.map((each) => row(each, side)));
  none.hidden = entries.length > 0;
}

load().then(async (side) => {
  if (side.salt) await lookAgain(side).catch(() => {});
  draw(side);
}).catch(() => { none.hidden = held().length > 0; });
