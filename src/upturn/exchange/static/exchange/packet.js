// What the host gives this company's device for its next step; its twin is engine/ballot/packet.py.
// Nothing in it is taken on trust: the ballot's own half checks every part.
import { BallotError, bytes, messages, newMemory, pack, readMemory, readRoster, readSheet, unpack } from "./sealed_ballot.js";

const LABEL = "upturn ballot v1 packet";
const ROSTER = "upturn ballot v1 roster";
const FEWEST = 5;

export function readPacket(written) {
  const parts = unpack(written);
  if (!Array.isArray(parts) || parts.length !== 11 || parts[0] !== LABEL) {
    throw new BallotError("malformed", "This is not what a host gives a device. Load the page again.");
  }
  const [, state, roster, signatures, sheet, index, serial, accepted, ballots, confirmations, totals] = parts;
  return { state, roster, signatures, sheet, index, serial, accepted, ballots, confirmations, totals };
}

/** The signed roster and its sheet, every signature checked. */
export function roundOf(packet) {
  const roster = readRoster(pack([packet.roster, packet.signatures]));
  return { roster, sheet: readSheet(packet.sheet, roster) };
}

export const receivedOf = (packet) =>
  new Map(packet.ballots.map(([index, ballot, box]) => [index, { ballot: messages.readBallot(ballot), box }]));

/** Look whether the own company stands on a roster before it is signed, and five owners do. */
export function checkOwnLine(packet, key) {
  const [label, , rows] = unpack(packet.roster);
  const own = rows[packet.index - 1];
  if (label !== ROSTER || !own || !bytes.same(own[2], key.signing) || !bytes.same(own[3], key.sealing)) {
    throw new BallotError("roster", "Your company does not stand on this roster with this key. Do not sign; call the host.");
  }
  if (new Set(rows.map(([, group]) => group)).size < FEWEST) {
    throw new BallotError("roster", "Fewer than five companies of different owners stand on this roster. Do not sign.");
  }
}

export const confirmationsOf = (packet) => packet.confirmations.map(messages.readConfirmation);

/** The index and hash of the own ballot on the accepted list, or nothing. */
export const ownOnList = (packet) =>
  messages.readList(packet.accepted).ballots.find(([index]) => index === packet.index)?.[1] ?? null;

/** The memory of a device that remembers nothing, from the number the host holds. */
export const freshMemory = (packet, roundId) => ({ ...newMemory(roundId), serial: packet.serial });
export const memoryFrom = (written) => (written ? readMemory(written) : null);
