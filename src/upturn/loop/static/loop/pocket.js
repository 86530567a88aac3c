// Tasks in this phone's pocket, workshop by workshop.
import { settle, workshops } from "./device.js";
import { fill } from "./room.js";
import { post } from "./sending.js";

const page = document.querySelector("[data-pocket]");
const find = (name, within = page) => within.querySelector(`[data-${name}]`);
const copy = (name) => find(name).content.cloneNode(true).firstElementChild;
const spoken = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });

const task = (ref, card) => {
  const row = copy("task");
  find("words", row).textContent = card.words;
  const done = () => { find("done", row).hidden = true; find("is-done", row).hidden = false; };
  if (card.finished) done();
  find("done", row).addEventListener("click", async () => {
    const answer = await post(page.dataset.mine, { ref: card.ref, key: card.key, act: "done" });
    if (answer.ok || answer.code === "gone") { settle(ref, card.ref, { finished: true }); done(); return; }
    find("refused").textContent = answer.said ?? "";
    find("refused").hidden = !answer.said;
  });
  return row;
};

const found = workshops().map(([ref, here]) => [ref, here, here.own.filter((card) => card.kind === "task" && card.state !== "refused")]);
const full = found.filter(([, , tasks]) => tasks.length > 0);
find("none").hidden = full.length > 0;
for (const [ref, here, tasks] of full) {
  const one = copy("one");
  find("name", one).textContent = here.name ?? "";
  find("day", one).hidden = !here.day_100;
  if (here.day_100) fill(find("day", one), { day: spoken.format(new Date(here.day_100)) });
  find("tasks", one).append(...tasks.map((card) => task(ref, card)));
  find("workshops").append(one);
}
