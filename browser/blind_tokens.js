// The browser's half of blind tokens (RFC 9474): the server signs what it cannot read.
// Its other half is privacy/blind_tokens.py, which also says who does what in which order.
import { RSABSSA } from "@cloudflare/blindrsa-ts";

const suite = RSABSSA.SHA384.PSS.Randomized();
const ALGORITHM = { name: "RSA-PSS", hash: "SHA-384" };
const LEAST_BITS = 2048;

async function imported(key, printed) {
  if ((await fingerprint(key)) !== printed.toLowerCase().replace(/[^0-9a-f]/g, "")) {
    throw new Error("The key is not the one printed on the invitation.");
  }
  const known = await crypto.subtle.importKey("spki", key, ALGORITHM, true, ["verify"]);
  if (known.algorithm.modulusLength < LEAST_BITS) {
    throw new Error("The key is too short.");
  }
  return known;
}

// SHA-256 of a public key, in hexadecimal.
export async function fingerprint(key) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// key: Uint8Array (SubjectPublicKeyInfo); printed: its fingerprint on the invitation.
// Gives { prepared, blinded, inverse }: send `blinded`, keep the other two on this device.
export async function startToken(key, printed) {
  const known = await imported(key, printed);
  const prepared = suite.prepare(crypto.getRandomValues(new Uint8Array(32)));
  const { blindedMsg, inv } = await suite.blind(known, prepared);
  return { prepared, blinded: blindedMsg, inverse: inv };
}

// Gives { prepared, signature }, the token, or throws where the server did not sign with this key.
export async function finishToken(key, printed, { prepared, inverse }, signed) {
  const known = await imported(key, printed);
  return { prepared, signature: await suite.finalize(known, prepared, signed, inverse) };
}
