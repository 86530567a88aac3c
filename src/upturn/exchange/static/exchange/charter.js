// A charter is signed on the party's device, over exactly the words it read; what the company gains
// stays here, and only a digest of it goes out.
import { bytes, hex } from "./sealed_ballot.js";
import { exchangeRef, read, say, write } from "./device.js";
import { ownKey } from "./own_key.js";
import { signed } from "./signing.js";

const inOrder = (value) => (value && typeof value === "object" && !Array.isArray(value)
  ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, value[name]])) : value);

/** The mark of a version, made of its words; its twin is engine/charter.py. */
export function digestOf({ digest: _made, ...content }) {
  return hex(bytes.sha256(bytes.utf8(JSON.stringify(inOrder(content)))));
}

const sign = document.querySelector("#sign");
sign?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = JSON.parse(document.querySelector("#content").textContent);
  if (digestOf(content) !== sign.elements.digest.value) {
    say(sign.dataset.other);
    return;
  }
  const key = await ownKey();
  if (!key) return;
  sign.elements.signature.value = signed(key, "charter", exchangeRef, String(content.number), content.digest);
  sign.submit();
});

const gain = document.querySelector("#gain-form");
if (gain) {
  const words = document.querySelector("#gain-words");
  words.value = read("gain", { words: "" }).words;
  gain.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = words.value.trim();
    if (!said) {
      words.setCustomValidity(gain.dataset.empty);
      words.reportValidity();
      words.setCustomValidity("");
      return;
    }
    const salt = crypto.getRandomValues(new Uint8Array(32));
    write("gain", { words: said, salt: hex(salt) });
    gain.elements.digest.value = hex(bytes.sha256(bytes.join(salt, bytes.utf8(said))));
    gain.submit();
  });
}

const ring = document.querySelector("#ring");
if (ring) {
  const { layer } = ring.elements;
  const last = read("layer");
  if ([...layer.options].some(({ value }) => value === last)) layer.value = last;
  let gone = false;
  ring.addEventListener("submit", (event) => {
    if (gone) event.preventDefault(); // a second tap of the same finger
    gone = true;
    write("layer", layer.value); // the next who gets this device mostly works as the last did
  });
  addEventListener("pageshow", () => { gone = false; });
}
