// The browser's half of the sealed benchmark: written from docs/reference/ballot.md alone, and held
// against tests/vectors. Its other half is exchange/engine/ballot.
export { BallotError, hex, unhex } from "./ballot/bytes.js";
export * as bytes from "./ballot/bytes.js";
export * as group from "./ballot/group.js";
export * as keys from "./ballot/keys.js";
export * as messages from "./ballot/messages.js";
export * as proofs from "./ballot/proofs.js";
export * as shares from "./ballot/shares.js";
export { confirm, checkList, openSums } from "./ballot/accept.js";
export { newMemory, readMemory, writeMemory } from "./ballot/memory.js";
export { pack, unpack } from "./ballot/pack.js";
export { band, checkTotals, halfBins, ownPlace, standsFor } from "./ballot/results.js";
export { checkBallot, seal } from "./ballot/seal.js";
export { binOf, indexOf, readRoster, readSheet } from "./ballot/sheet.js";
