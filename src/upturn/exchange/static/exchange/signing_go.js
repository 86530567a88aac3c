// The client's GO: signed on its own device, over this programme in this very version.
import { BallotError, keys } from "./sealed_ballot.js";
import { exchangeRef, key, say } from "./device.js";
import { signed } from "./signing.js";

const form = document.querySelector("#go");
const file = form?.querySelector("#file");

const ownKey = async () => {
  const [chosen] = file.files;
  return chosen ? keys.readKeyFile(await chosen.text()).key : key();
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { programme, digest, word } = form.dataset;
  try {
    const own = await ownKey();
    if (own === null) {
      form.querySelector("#no-key").hidden = false;
      say(form.dataset.noKey);
      file.focus();
      return;
    }
    form.elements.signature.value = signed(own, word, exchangeRef, programme, form.elements.on.value, digest);
    form.submit();
  } catch (error) {
    if (!(error instanceof BallotError)) throw error;
    say(form.dataset.noFile);
  }
});
