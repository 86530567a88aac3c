// The heavy part of a sealed benchmark, beside the page, so that the page stays alive meanwhile.
// What comes in: the key, the packet, the memory. What goes out: bytes to send, and the new memory.
import { checkBallot, confirm, keys, messages, openSums, seal, writeMemory } from "./sealed_ballot.js";
import { confirmationsOf, freshMemory, memoryFrom, ownOnList, readPacket, receivedOf, roundOf } from "./packet.js";

const progress = (share) => postMessage({ progress: share });

function sealed({ key, packet, bins, memory }) {
  const round = roundOf(packet);
  const held = memory ?? freshMemory(packet, round.sheet.roundId);
  const [ballot, after] = seal(key, round, bins, {
    memory: { ...held, serial: Math.max(held.serial, packet.serial) }, progress,
  });
  return [messages.writeBallot(ballot), after];
}

// A device that forgot: its own ballot is taken from the list only if somebody said so.
function remembered({ packet, memory, trusted }, round) {
  if (memory) return memory;
  const own = ownOnList(packet);
  return { ...freshMemory(packet, round.sheet.roundId), ballot: own && trusted ? own : new Uint8Array() };
}

function confirmed(asked) {
  const round = roundOf(asked.packet);
  const listed = messages.readList(asked.packet.accepted);
  const [memory, received] = [remembered(asked, round), receivedOf(asked.packet)];
  if (asked.trusted) checkBallot(round, received.get(asked.packet.index).ballot); // else skipped as our own
  return confirm(asked.key, round, listed, { received, memory, progress });
}

// The own key's signature under the list, as the host gives it back, is as good as having kept it.
function signedBefore(asked, round) {
  const memory = remembered({ ...asked, trusted: true }, round);
  if (memory.confirmed.length) return memory;
  const { signing } = round.roster.members[asked.packet.index - 1];
  const own = confirmationsOf(asked.packet).find(({ index }) => index === asked.packet.index);
  const holds = own && keys.signedBy(signing, own.said, own.signature);
  return holds ? { ...memory, confirmed: own.listHash } : memory;
}

function opened(asked) {
  const round = roundOf(asked.packet);
  return openSums(asked.key, round, messages.readList(asked.packet.accepted), {
    received: receivedOf(asked.packet),
    confirmations: confirmationsOf(asked.packet),
    memory: signedBefore(asked, round),
  });
}

const WORKS = { ballot: sealed, confirmation: confirmed, sums: opened };

addEventListener("message", ({ data }) => {
  try {
    const asked = { ...data, key: keys.keyOf(data.seed), packet: readPacket(data.packet), memory: memoryFrom(data.memory) };
    const [message, memory] = WORKS[data.kind](asked);
    postMessage({ message, memory: writeMemory(memory) });
  } catch (error) {
    postMessage({ refused: error.message, code: error.code ?? "" });
  }
});
