// A party's key is drawn on its own device, saved as a file, and its public half enrolled.
import { bytes, hex, keys, unhex } from "./sealed_ballot.js";
import { exchangeRef, key, keepKeyFile, keyFile, partyRef, save, say, stay } from "./device.js";
import { keyFileFor, signed } from "./signing.js";

const enrol = document.querySelector("#enrol");
enrol?.addEventListener("submit", (event) => {
  event.preventDefault();
  // A key that was drawn before and not enrolled, because the net was gone, is the same key again.
  const own = key() ?? keys.newKey();
  const text = keyFileFor(own, { company: enrol.dataset.name, exchange: exchangeRef, party: partyRef });
  if (!keepKeyFile(text)) say(enrol.dataset.keepsNothing);
  save(`upturn-${exchangeRef}.key`, text, "application/json");
  stay();
  const [signs, seals] = [hex(own.signing), hex(own.sealing)];
  enrol.elements.signs.value = signs;
  enrol.elements.seals.value = seals;
  enrol.elements.signature.value = signed(own, "enrol", exchangeRef, partyRef, signs, seals);
  enrol.submit();
});

const words = document.querySelector("[data-signs]");
if (words) {
  const { signs, seals } = words.dataset;
  const enrolled = { signing: unhex(signs), sealing: unhex(seals) };
  // Half a second of work by design; the page is drawn first.
  setTimeout(() => { document.querySelector("#six").textContent = keys.safetyWords(keys.fingerprint(enrolled)).join(" "); });
  const own = key();
  const [held, button] = [document.querySelector("#held"), document.querySelector("#save")];
  if (own && bytes.same(own.signing, enrolled.signing)) {
    button.addEventListener("click", () => save(`upturn-${exchangeRef}.key`, keyFile(), "application/json"));
  } else {
    button.hidden = true;
    held.textContent = held.dataset.none;
  }
}
