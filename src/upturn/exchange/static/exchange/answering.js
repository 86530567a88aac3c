// A leader says yes, not yet or no on the own device; only a seal leaves it.
import { BallotError, hex } from "./sealed_ballot.js";
import { commitment, saltOf, tidied } from "./buy_in.js";
import { exchangeRef, partyRef, read, say, stay, write } from "./device.js";
import { acceptKeys, handIn, otherKeys } from "./handing_in.js";
import { ownKey } from "./own_key.js";

const find = (name) => document.querySelector(name);
const told = JSON.parse(find("#told")?.textContent ?? "null");
const about = { exchange: exchangeRef, leader: partyRef };
const [choose, opens] = [find("#choose"), find("#open-it")];

function chosen() {
  const answer = choose.querySelector("[data-answer]:checked")?.dataset.answer ?? "";
  const ticked = [...choose.querySelectorAll("[data-topic]:checked")].map(({ dataset }) => dataset.topic);
  return { answer, leavesOut: tidied([...ticked, ...find("#others").value.split("\n")]) };
}

function showMine(said) {
  find("#mine").hidden = false;
  find(`#said-${said.answer}`).hidden = false;
  find("#without").hidden = !said.leavesOut.length;
  find("#left-out").textContent = said.leavesOut.join(", ");
  const opened = told.seen.find(({ ref }) => ref === partyRef)?.answer;
  const worth = said.answer === "yes" ? said.leavesOut.length > 0 : told.standing === "not_all";
  opens.hidden = Boolean(opened) || !worth;
  opens.querySelector(`[data-for=${said.answer === "yes" ? "yes" : "not"}]`).hidden = false;
}

async function sealOrFind(event) {
  event.preventDefault();
  const said = chosen();
  if (!said.answer) return say(choose.dataset.none);
  const key = await ownKey();
  if (!key) return null;
  const made = commitment({ ...said, salt: saltOf(key, about) }, about);
  if (choose.dataset.what === "find") {
    if (made !== told.commitment) return say(choose.dataset.other);
    write("answer", said);
    return location.reload();
  }
  // Kept before it goes out: the same seal again changes nothing, should the net be gone.
  write("answer", said);
  stay();
  choose.elements.commitment.value = made;
  return choose.submit();
}

async function openMine(event) {
  event.preventDefault();
  const [said, key] = [read("answer"), await ownKey()];
  if (!key) return;
  opens.elements.answer.value = said.answer;
  opens.elements.salt.value = hex(saltOf(key, about));
  find("#opened-topics").replaceChildren(...said.leavesOut.map((topic) => Object.assign(
    document.createElement("input"), { type: "hidden", name: "leaves_out", value: topic },
  )));
  opens.submit();
}

async function go() {
  const other = otherKeys(told);
  find("#changed").hidden = !other.length;
  find("#whose").textContent = other.map(({ name }) => name).join(", ");
  if (!told.due || other.length || !read("answer") || !(await ownKey())) return;
  try {
    if (await handIn(told, find("#hand-in"))) location.reload();
  } catch (error) {
    // Without the net nothing is lost: the next visit hands it in.
    if (error instanceof BallotError) say(choose.dataset.among);
    else if (!(error instanceof TypeError)) throw error;
  }
}

if (told) {
  const said = read("answer");
  choose.addEventListener("submit", sealOrFind);
  opens.addEventListener("submit", openMine);
  find("#key-file").addEventListener("change", go);
  find("#go-on").addEventListener("click", () => { acceptKeys(told); go(); });
  choose.hidden = Boolean(told.commitment && said);
  if (told.commitment && said) showMine(said);
  await go();
}
