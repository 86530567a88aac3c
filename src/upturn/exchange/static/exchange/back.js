// Another device takes a seat: the key file signs the nonce of the page, and stays here.
import { BallotError, keys } from "./sealed_ballot.js";
import { keepKeyFile, say } from "./device.js";
import { signed } from "./signing.js";

const form = document.querySelector("#back");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = document.querySelector("#file").files[0];
  try {
    const text = (await file?.text()) ?? "";
    const { key } = keys.readKeyFile(text);
    const { exchange = "", party = "" } = JSON.parse(text);
    form.elements.party.value = party;
    form.elements.signature.value = signed(key, "come back", exchange, party, form.elements.nonce.value);
    keepKeyFile(text, exchange);
    form.submit();
  } catch (error) {
    if (!(error instanceof BallotError)) throw error;
    say(form.dataset.nofile);
  }
});
