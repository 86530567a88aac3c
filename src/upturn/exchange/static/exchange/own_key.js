// The party's key where an act needs it: from this device, or from the file that was saved.
import { BallotError, hex, keys } from "./sealed_ballot.js";
import { key, keepKeyFile, say } from "./device.js";

/** Give the key, or null after saying what is missing. */
export async function ownKey() {
  const place = document.querySelector("#own-key");
  const enrolled = (found) => !place.dataset.seals || hex(found.sealing) === place.dataset.seals;
  const kept = key();
  if (kept && enrolled(kept)) return kept;
  const field = place.querySelector("input");
  place.hidden = false;
  const [file] = field.files;
  if (!file) {
    say(place.dataset.ask);
    field.focus();
    return null;
  }
  const text = await file.text();
  try {
    const { key: found } = keys.readKeyFile(text);
    if (!enrolled(found)) {
      say(place.dataset.wrong);
      return null;
    }
    keepKeyFile(text);
    say("");
    return found;
  } catch (error) {
    if (!(error instanceof BallotError)) throw error;
    say(place.dataset.noFile);
    return null;
  }
}
