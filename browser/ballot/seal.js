// Making a ballot, and checking anybody's.
import { join, pieces, refuse, same, sha256 } from "./bytes.js";
import { WIDTH, drawScalars, mod, randomBytes, readPoint, readScalars, writeScalars } from "./group.js";
import { sealFor, sign, signedBy } from "./keys.js";
import { headOf } from "./messages.js";
import { PROOF_BYTES, allHold, binding, proveTick, sumHolds, tickHolds } from "./proofs.js";
import { evaluate } from "./shares.js";
import { contextFor, indexOf, memberAt } from "./sheet.js";

const SEAL_BYTES = 48;

function oneHot(sheet, bins) {
  if (bins.length !== sheet.metrics.length) refuse("value", "One bin for each metric is needed.");
  return bins.flatMap((bin, at) => {
    const { name, bins: width } = sheet.metrics[at];
    if (!Number.isInteger(bin) || bin < 0 || bin >= width) refuse("value", `${name} has no bin ${bin}.`);
    return Array.from({ length: width }, (_, which) => Number(which === bin));
  });
}

// Gives [ballot, memory]. `progress(share)` is told how far it is, from 0 to 1.
export function seal(key, { roster, sheet }, bins, { memory, draw = randomBytes, progress = () => {} }) {
  const index = indexOf(roster, key);
  const [context, serial] = [contextFor(sheet, index), memory.serial + 1];
  const ticks = oneHot(sheet, bins);
  const blindings = drawScalars(draw, ticks.length);
  const secrets = [...ticks.map(BigInt), ...blindings];
  const powers = Array.from({ length: sheet.secret }, () => drawScalars(draw, secrets.length));
  const shares = evaluate([secrets, ...powers], roster.members.map((_, at) => at + 1));
  progress(0.1);
  const { commitments, proofs } = prove(context, ticks, { blindings, draw, progress });
  const boxes = roster.members.map((member, at) => {
    const bound = binding(context, { serial, holder: at + 1, commitments });
    return sealFor(member.sealing, join(bound, writeScalars(shares[at])), draw(32));
  });
  const sums = sheet.spans.map(([first, after]) => mod(blindings.slice(first, after).reduce((a, b) => a + b)));
  const ballot = {
    roundId: sheet.roundId, sheet: sheet.hash, roster: sheet.roster, index, serial, commitments, proofs,
    sumProofs: writeScalars(sums), boxHashes: join(...boxes.map(sha256)), boxes,
  };
  ballot.head = headOf(ballot);
  ballot.hash = sha256(ballot.head);
  ballot.signature = sign(key, ballot.head);
  progress(1);
  return [ballot, { ...memory, serial, ballot: ballot.hash }];
}

function prove(context, ticks, { blindings, draw, progress }) {
  const drawn = drawScalars(draw, 3 * ticks.length);
  const made = ticks.map((tick, k) => {
    if (k % 16 === 0) progress(0.1 + (0.85 * k) / ticks.length);
    return proveTick(context, k, { tick, blinding: blindings[k], drawn: drawn.slice(3 * k, 3 * k + 3) });
  });
  return { commitments: join(...made.map(([one]) => one)), proofs: join(...made.map(([, proof]) => proof)) };
}

export function checkBallot({ roster, sheet }, ballot) {
  const { company, signing } = memberAt(roster, ballot.index);
  const place = [[ballot.roundId, sheet.roundId], [ballot.sheet, sheet.hash], [ballot.roster, sheet.roster]];
  if (!place.every(([found, due]) => same(found, due))) {
    refuse("ballot", `The ballot of ${company} was made for another round, sheet or roster.`);
  }
  if (ballot.serial < 1) refuse("ballot", `The ballot of ${company} has no serial.`);
  checkSizes({ roster, sheet }, ballot, company);
  if (!signedBy(signing, ballot.head, ballot.signature)) {
    refuse("ballot", `The ballot of ${company} is not signed by it.`);
  }
  checkProofs(sheet, ballot, company);
}

function checkSizes({ roster, sheet }, ballot, company) {
  const [k, n] = [sheet.coordinates, roster.members.length];
  const boxes = ballot.boxes.reduce((sum, box) => sum + box.length, 0);
  const sizes = [
    [ballot.commitments.length, WIDTH * k],
    [ballot.proofs.length, PROOF_BYTES * k],
    [ballot.sumProofs.length, WIDTH * sheet.metrics.length],
    [ballot.boxHashes.length, WIDTH * n],
    [boxes, ballot.boxes.length ? n * (SEAL_BYTES + WIDTH + 2 * WIDTH * k) : 0],
  ];
  if (sizes.some(([found, due]) => found !== due)) refuse("ballot", `The ballot of ${company} has a wrong size.`);
}

function checkProofs(sheet, ballot, company) {
  const context = contextFor(sheet, ballot.index);
  const commitments = pieces(ballot.commitments, WIDTH);
  const proofs = pieces(ballot.proofs, PROOF_BYTES);
  const bad = allHold(context, commitments, proofs)
    ? -1
    : commitments.findIndex((one, k) => !tickHolds(context, k, one, proofs[k]));
  if (bad >= 0) refuse("ballot", `The ballot of ${company} does not prove that coordinate ${bad} holds 0 or 1.`);
  const points = commitments.map(readPoint);
  readScalars(ballot.sumProofs).forEach((opened, at) => {
    const [first, after] = sheet.spans[at];
    if (!sumHolds(points.slice(first, after), opened)) {
      refuse("ballot", `The ballot of ${company} does not prove one tick in ${sheet.metrics[at].name}.`);
    }
  });
}
