// Exchanges a card for a token, on this device. Who does what: privacy/blind_tokens.py.
import { finishToken, startToken } from "./blind_tokens.js";
import { asBytes, asText, keep, kept, keepToken, tidy, tokenFor } from "./token_place.js";

const page = document.querySelector("#exchange");
const { redeem, until } = page.dataset;
const say = JSON.parse(page.dataset.say);
const key = asBytes(page.dataset.key);
const card = `card ${location.pathname}`;
const printed = location.hash.slice(1);
const button = page.querySelector("button");
const trouble = page.querySelector(".bad");

class Trouble extends Error {}

const texts = (value) => Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asText(each)]));
const otherwise = (sentence) => () => { throw new Trouble(sentence); };

// What was begun is kept before it is sent: should the signature be lost on its way, the same
// message gets the same one again, and another message would get none.
const begun = async () => {
  const before = kept(card);
  if (before?.blinded) return before;
  const made = texts(await startToken(key, printed).catch(otherwise(say.wrong_print)));
  keep(card, made, until);
  return made;
};

const signature = async (blinded) => {
  const answer = await fetch(location.pathname, { method: "POST", body: asBytes(blinded), credentials: "omit", referrerPolicy: "no-referrer" })
    .catch(otherwise(say.lost));
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer().catch(otherwise(say.lost)));
  if (answer.status >= 500) throw new Trouble(say.lost);
  throw new Trouble((await answer.text()) === "used" ? say.used : say.over);
};

const exchange = async () => {
  const { prepared, inverse, blinded } = await begun();
  const signed = await signature(blinded);
  const held = { prepared: asBytes(prepared), inverse: asBytes(inverse) };
  const token = await finishToken(key, printed, held, signed).catch(otherwise(say.unsigned));
  keepToken(redeem, texts(token), until);
  keep(card, { exchanged: true }, until);  // and no longer what could match card and token
};

const ready = () => {
  for (const each of page.querySelectorAll("[data-when]")) each.hidden = each.dataset.when === "before";
  page.querySelector("h1:not([hidden])").focus();
};

tidy();
for (const link of document.querySelectorAll(".tongues a")) link.hash = location.hash;
if (globalThis.crypto?.subtle) {
  page.querySelector(".needs").remove();
  if (kept(card)?.exchanged && tokenFor(redeem)) ready();
  else if (/^[0-9a-f]{64}$/.test(printed)) button.hidden = false;
  else trouble.textContent = say.no_print;
}
button.addEventListener("click", async () => {
  button.disabled = true;
  trouble.textContent = "";
  try {
    await exchange();
    ready();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    trouble.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
