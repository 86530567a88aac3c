// What this device remembers of a round, beside the key file. Whoever calls `seal`, `confirm` or
// `openSums` keeps the memory that comes back before anything leaves the device.
import { hex, refuse, same } from "./bytes.js";
import { LABEL } from "./group.js";
import { pack, unpackAs } from "./pack.js";

const NOTHING = new Uint8Array();
const FORM = [`=${LABEL} memory`, "bytes", "number", "bytes", "bytes", "number"];

export const newMemory = (roundId) =>
  ({ roundId, serial: 0, ballot: NOTHING, confirmed: NOTHING, opened: false });

export const writeMemory = ({ roundId, serial, ballot, confirmed, opened }) =>
  pack([`${LABEL} memory`, roundId, serial, ballot, confirmed, Number(opened)]);

export function readMemory(written) {
  const [, roundId, serial, ballot, confirmed, opened] = unpackAs(FORM, written, "memory of a round");
  return { roundId, serial, ballot, confirmed, opened: Boolean(opened) };
}

export function checkRemembered(memory, listHash) {
  if (memory.confirmed.length && !same(memory.confirmed, listHash)) {
    refuse("signed", `This key signed the list ${hex(memory.confirmed).slice(0, 12)} in this round. Two
lists mean that somebody was shown another one: tell the other companies before you go on.`.replace("\n", " "));
  }
}
