// Lists of topics and services: filled in and made unreadable here, handed in as digests.
import { hex, keys } from "./sealed_ballot.js";
import { exchangeRef, forget, read, say, write } from "./device.js";
import { blind, digest, listKey, serviceEntry, spoken } from "./blind_lists.js";

const WORDS = "list words";
const page = document.querySelector("#blind");
const find = (name) => page.querySelector(name);
const key = () => {
  const words = read(WORDS);
  return words === null ? null : listKey(words, exchangeRef);
};

const showWords = () => {
  const words = read(WORDS);
  find("#with-words").hidden = words === null;
  find("#without-words").hidden = words !== null;
  if (words === null) return;
  const own = key();
  const check = hex(own).match(/.{4}/g).slice(0, 2).join(" ");
  find("#check").textContent = check;
  find("#spoken").textContent = words;
};
const keepWords = (words) => { write(WORDS, words); say(""); location.reload(); };

/** What is on the lists of this device: each entry with the words it is shown in. */
const topics = () => [
  ...[...page.querySelectorAll("[data-topic]")]
    .filter((one) => one.querySelector(":checked")?.value === "together")
    .map((one) => [one.dataset.topic, one.dataset.words]),
  ...find("#more").value.split("\n").filter((line) => line.trim()).map((line) => [line, line.trim()]),
];
const services = () => [...page.querySelectorAll("[data-service]")]
  .map((row) => [...row.querySelectorAll("input")].map((one) => one.value.trim()))
  .filter((three) => three.every(Boolean))
  .map((three) => [serviceEntry(...three), three.join(" · ")]);
const LISTS = { together: topics, services };

const keepTopics = () => {
  const said = [...page.querySelectorAll("[data-topic]")]
    .map((one) => [one.dataset.topic, one.querySelector(":checked")?.value]);
  write("topics", { said: Object.fromEntries(said.filter(([, will]) => will)), more: find("#more").value });
};
const keepServices = () => {
  write("services", [...page.querySelectorAll("[data-service]")].map((row) => [...row.querySelectorAll("input")].map((one) => one.value)));
};

const fill = () => {
  const { said, more } = read("topics", { said: {}, more: "" });
  for (const one of page.querySelectorAll("[data-topic]")) {
    const chosen = one.querySelector(`[value="${said[one.dataset.topic] ?? ""}"]`);
    if (chosen) chosen.checked = true;
  }
  find("#more").value = more;
  const rows = find("#rows");
  if (!rows) return;
  for (const [at, three] of read("services", [["", "", ""]]).entries()) {
    const row = at === 0 ? rows.firstElementChild : rows.appendChild(rows.firstElementChild.cloneNode(true));
    row.querySelectorAll("input").forEach((one, place) => { one.value = three[place]; });
  }
};

const handIn = (event) => {
  const { about } = event.target.dataset;
  const own = key();
  const digests = own && blind(LISTS[about]().map(([entry]) => entry), own, about);
  if (!digests) {
    event.preventDefault();
    say(own ? page.dataset.tooMany : page.dataset.none);
    return;
  }
  event.target.elements.digests.value = digests.join("\n");
  for (const radio of event.target.querySelectorAll("[type=radio]")) radio.disabled = true;
};

const put = (list) => {
  const own = key();
  const about = list.dataset.of;
  const known = new Map(own ? LISTS[about]().map(([entry, words]) => [digest(entry, own, about), words]) : []);
  list.replaceChildren(...list.dataset.shared.split(" ").map((each) => {
    const line = document.createElement("li");
    line.dir = "auto";
    line.textContent = known.get(each) ?? page.dataset.lost;
    return line;
  }));
};

if (page) {
  showWords();
  fill();
  find("#take").addEventListener("click", () => { if (find("#typed").value.trim()) keepWords(spoken(find("#typed").value)); });
  find("#draw").addEventListener("click", () => keepWords(keys.recoveryWords(keys.newKey()).slice(0, 12).join(" ")));
  find("#drop").addEventListener("click", () => { forget(WORDS); showWords(); });
  page.addEventListener("change", keepTopics);
  page.querySelectorAll("form[data-about]").forEach((form) => form.addEventListener("submit", handIn));
  page.querySelectorAll("[data-shared]").forEach(put);
  const more = find("#more-rows");
  if (more) {
    more.hidden = false;
    page.addEventListener("change", keepServices);
    more.addEventListener("click", () => {
      const row = find("#rows").appendChild(find("#rows").firstElementChild.cloneNode(true));
      for (const one of row.querySelectorAll("input")) one.value = "";
      row.querySelector("input").focus();
    });
  }
}
