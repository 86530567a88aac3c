// When all have sealed, a leader's device hands in its part by itself, on whatever page it is.
import { BallotError, hex } from "./sealed_ballot.js";
import { tokenFor } from "./buy_in.js";
import { exchangeRef, key, partyRef, read, write } from "./device.js";

/** Whose key is another one than this device saw before; a key that is new here is kept. */
export function otherKeys({ seen }) {
  const known = read("keys seen", {});
  const other = seen.filter(({ ref, seals }) => known[ref] && seals && known[ref] !== seals);
  const fresh = seen.filter(({ ref, seals }) => seals && !known[ref]);
  write("keys seen", { ...known, ...Object.fromEntries(fresh.map(({ ref, seals }) => [ref, seals])) });
  return other;
}

export function acceptKeys({ seen }) {
  write("keys seen", Object.fromEntries(seen.map(({ ref, seals }) => [ref, seals])));
}

/** Hand in the token that is due; says whether it was. */
export async function handIn(told, form) {
  const [own, said] = [key(), read("answer")];
  const mine = told.seen.find(({ ref }) => ref === partyRef);
  if (!told.due || !own || !said || hex(own.sealing) !== mine?.seals || otherKeys(told).length) return false;
  form.elements.asking.value = told.asking;
  form.elements.token.value = tokenFor(own, {
    ...told, exchange: exchangeRef, leader: partyRef, answer: said.answer,
  });
  const answered = await fetch(form.action, { method: "POST", body: new FormData(form) });
  return answered.ok;
}

const form = document.querySelector("#hand-in");
const page = document.querySelector("#told");
if (form && !page) {
  try {
    const told = await (await fetch(form.dataset.standing)).json();
    if (await handIn(told, form)) location.reload();
  } catch (error) {
    // Without the net, or asked among others than it should be: the answer page says which.
    if (!(error instanceof BallotError || error instanceof TypeError || error instanceof SyntaxError)) throw error;
  }
}
