// Closing and opening on a member's own device: one list a round is signed, and sums are made on it.
import { hex, pieces, refuse, same, sha256 } from "./bytes.js";
import { WIDTH, mod, readScalars, writeScalars } from "./group.js";
import { openBox, sign, signedBy } from "./keys.js";
import { checkRemembered } from "./memory.js";
import { sayConfirmation, saySums } from "./messages.js";
import { pack } from "./pack.js";
import { binding } from "./proofs.js";
import { checkBallot } from "./seal.js";
import { FEWEST, checkChange, contextFor, indexOf, memberAt } from "./sheet.js";

export function checkList({ roster, sheet }, listed) {
  if (!same(listed.roundId, sheet.roundId) || !same(listed.sheet, sheet.hash)) {
    refuse("list", "The accepted list belongs to another round.");
  }
  const indices = listed.ballots.map(([index]) => index);
  if (indices.some((index, at) => at > 0 && indices[at - 1] >= index)) {
    refuse("list", "The accepted list is not in the order of the roster, or has a company twice.");
  }
  const members = indices.map((index) => memberAt(roster, index));
  checkChange(members.map((member) => member.company), sheet.before);
  const groups = new Set(members.map((member) => member.group)).size;
  const needed = Math.max(FEWEST, sheet.promised + 2);
  if (groups < FEWEST || indices.length < needed) {
    refuse("few", `${indices.length} ballots are on the list and ${needed} are needed. It is not opened.`);
  }
}

function checkOwn(listed, index, memory) {
  const own = listed.ballots.find(([each]) => each === index)?.[1] ?? new Uint8Array();
  if (same(own, memory.ballot)) return;
  if (!memory.ballot.length) {
    refuse("own", "A ballot of this company is on the list, and this device made none. Confirm where it was made.");
  }
  refuse("own", "Your latest ballot is not the one on the list: do not confirm, and tell the convener.");
}

// `received`: by index, { ballot, box }: the public form of each ballot and the box for this key.
// `progress(share)` is told how far it is. Gives [bytes to send, memory].
export function confirm(key, round, listed, { received, memory, progress = () => {} }) {
  const index = indexOf(round.roster, key);
  checkRemembered(memory, listed.hash);
  checkList(round, listed);
  checkOwn(listed, index, memory);
  listed.ballots.forEach(([sender, hash], at) => {
    const found = onList(received, sender, hash);
    if (!same(hash, memory.ballot)) checkBallot(round, found.ballot);
    sharesOf(key, round, found);
    progress((at + 1) / listed.ballots.length);
  });
  const said = sayConfirmation({ roundId: listed.roundId, listHash: listed.hash, index });
  return [pack([said, sign(key, said)]), { ...memory, confirmed: listed.hash }];
}

function onList(received, sender, hash) {
  const found = received.get(sender);
  if (!found || !same(found.ballot.hash, hash) || found.ballot.index !== sender) {
    refuse("list", `The ballot of company ${sender} is not the one on the list.`);
  }
  return found;
}

function sharesOf(key, { roster, sheet }, { ballot, box }) {
  const holder = indexOf(roster, key);
  if (!same(sha256(box), pieces(ballot.boxHashes, WIDTH)[holder - 1])) {
    refuse("box", `The box of company ${ballot.index} for you is not the one it signed.`);
  }
  const opened = openBox(key, box);
  const { serial, commitments } = ballot;
  const due = binding(contextFor(sheet, ballot.index), { serial, holder, commitments });
  if (!same(opened.subarray(0, WIDTH), due) || opened.length !== WIDTH * (1 + 2 * sheet.coordinates)) {
    refuse("box", `The box of company ${ballot.index} was sealed for something else.`);
  }
  return readScalars(opened.subarray(WIDTH));
}

function checkConfirmations({ roster, sheet }, listed, confirmations) {
  const signers = new Set();
  for (const one of confirmations) {
    const { company, signing } = memberAt(roster, one.index);
    if (!same(one.roundId, listed.roundId) || !same(one.listHash, listed.hash)) {
      refuse("list", `${company} confirmed another list (${hex(one.listHash).slice(0, 12)}): not opened.`);
    }
    if (!signedBy(signing, one.said, one.signature)) refuse("list", `A confirmation is not signed by ${company}.`);
    signers.add(one.index);
  }
  if (signers.size < sheet.signatures) {
    refuse("few", `${signers.size} companies confirmed the list and ${sheet.signatures} are needed.`);
  }
}

// Gives [bytes to send, memory]; the same bytes if asked again.
export function openSums(key, round, listed, { received, confirmations, memory }) {
  const index = indexOf(round.roster, key);
  checkRemembered(memory, listed.hash);
  if (!memory.confirmed.length) refuse("list", "This device has not confirmed the list yet.");
  checkConfirmations(round, listed, confirmations);
  const rows = listed.ballots.map(([sender, hash]) => sharesOf(key, round, onList(received, sender, hash)));
  const added = rows[0].map((_, at) => mod(rows.reduce((sum, row) => sum + row[at], 0n)));
  const half = round.sheet.coordinates;
  const said = saySums({
    roundId: listed.roundId,
    listHash: listed.hash,
    index,
    values: writeScalars(added.slice(0, half)),
    blindings: writeScalars(added.slice(half)),
  });
  return [pack([said, sign(key, said)]), { ...memory, opened: true }];
}

