// What members and host send each other after the sheet.
import { refuse, sha256 } from "./bytes.js";
import { LABEL } from "./group.js";
import { fits, pack, unpackAs } from "./pack.js";

const HEAD = [
  `=${LABEL} ballot`, "bytes", "bytes", "bytes", "number", "number", "bytes", "bytes", "bytes", "bytes",
];

export function headOf(ballot) {
  const { roundId, sheet, roster, index, serial, commitments, proofs, sumProofs, boxHashes } = ballot;
  return pack([
    `${LABEL} ballot`, roundId, sheet, roster, index, serial, commitments, proofs, sumProofs, boxHashes,
  ]);
}

export const writeBallot = (ballot) => pack([ballot.head, ballot.signature, ballot.boxes]);

export function readBallot(written) {
  const [head, signature, boxes] = unpackAs(["bytes", "bytes", "list"], written, "ballot");
  if (!boxes.every((box) => box instanceof Uint8Array)) refuse("malformed", "This is no ballot.");
  const fields = unpackAs(HEAD, head, "ballot");
  const [, roundId, sheet, roster, index, serial, commitments, proofs, sumProofs, boxHashes] = fields;
  return {
    head, hash: sha256(head), signature, boxes,
    roundId, sheet, roster, index, serial, commitments, proofs, sumProofs, boxHashes,
  };
}

export function readList(written) {
  const [, roundId, sheet, rows] = unpackAs([`=${LABEL} list`, "bytes", "bytes", "list"], written, "list");
  if (!rows.every((row) => fits(["number", "bytes"], row))) refuse("malformed", "This is no list.");
  return { roundId, sheet, hash: sha256(written), ballots: rows };
}

const signedForm = ["bytes", "bytes"];

export function readConfirmation(written) {
  const [said, signature] = unpackAs(signedForm, written, "confirmation");
  const form = [`=${LABEL} confirmation`, "bytes", "bytes", "number"];
  const [, roundId, listHash, index] = unpackAs(form, said, "confirmation");
  return { said, signature, roundId, listHash, index };
}

export const sayConfirmation = ({ roundId, listHash, index }) =>
  pack([`${LABEL} confirmation`, roundId, listHash, index]);

export const saySums = ({ roundId, listHash, index, values, blindings }) =>
  pack([`${LABEL} sums`, roundId, listHash, index, values, blindings]);

export function readTotals(written) {
  const form = [`=${LABEL} totals`, "bytes", "number", "list", "bytes"];
  const [, listHash, ballots, counts, blindings] = unpackAs(form, written, "totals");
  if (!counts.every((count) => typeof count === "number")) refuse("malformed", "These are no totals.");
  return { listHash, ballots, counts, blindings };
}
