// Who takes part, and what is asked in one round; both are read and checked, never made here.
import { hex, refuse, same, sha256 } from "./bytes.js";
import { LABEL } from "./group.js";
import { fingerprint, isKeyOf, signedBy } from "./keys.js";
import { fits, unpackAs } from "./pack.js";
import { contextOf } from "./proofs.js";

export const FEWEST = 5;
const MOST = 200;
const MOST_METRICS = 60;
const NUMBER = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,8}[1-9])?$/;
const MEMBER = ["text", "text", "bytes", "bytes"];
const METRIC = ["text", "text", "list", "text", "text", "text"];
const SHEET = [
  `=${LABEL} sheet`, "bytes", "bytes", "list", ["text", "text"], ["number", "number"],
  ["number", "number", "number", "number"], "list",
];

// `signed`: the roster with every member's signature under it.
export function readRoster(signed) {
  const [written, signatures] = unpackAs(["bytes", "list"], signed, "signed roster");
  const [, exchange, rows] = unpackAs([`=${LABEL} roster`, "text", "list"], written, "roster");
  const members = rows.map(memberOf);
  checkMembers(members);
  if (signatures.length !== members.length) refuse("roster", "Every company signs the roster first.");
  members.forEach((member, at) => {
    if (!signedBy(member.signing, written, signatures[at])) {
      refuse("roster", `The signature of ${member.company} is not under this roster.`);
    }
  });
  return { exchange, members, hash: sha256(written) };
}

function memberOf(row) {
  if (!fits(MEMBER, row) || row[2].length !== 32 || row[3].length !== 32) {
    refuse("malformed", "A line of the roster is not company, group and two keys.");
  }
  const [company, group, signing, sealing] = row;
  return { company, group, signing, sealing, fingerprint: fingerprint({ signing, sealing }) };
}

function checkMembers(members) {
  if (new Set(members.map((one) => one.group)).size < FEWEST || members.length > MOST) {
    refuse("roster", "A roster has from 5 unaffiliated companies to 200 companies.");
  }
  for (const field of [(one) => one.company, (one) => hex(one.signing), (one) => hex(one.sealing)]) {
    if (new Set(members.map(field)).size < members.length) {
      refuse("roster", "A company or a key stands on the roster twice.");
    }
  }
}

export function indexOf(roster, key) {
  const at = roster.members.findIndex((member) => isKeyOf(key, member));
  if (at < 0) refuse("roster", "Take the key file of the company that enrolled: this one is on no line.");
  return at + 1;
}

export function memberAt(roster, index) {
  return roster.members[index - 1] ?? refuse("roster", `Index ${index} stands on no line of the roster.`);
}

export const thresholds = (n) => (n <= 8 ? n - 2 : Math.floor((2 * n) / 3));
export const binsFor = (n) => (n < 12 ? 8 : n < 30 ? 12 : 16);

// The sheet of a round on a roster, checked; every later step is held against it.
export function readSheet(written, roster) {
  const [, roundId, rosterHash, rows, period, window, bounds, before] = unpackAs(SHEET, written, "sheet");
  if (roundId.length !== 16 || !before.every((one) => typeof one === "string")) {
    refuse("malformed", "This is no sheet.");
  }
  const metrics = rows.map(metricOf);
  const [members, secret, signatures, promised] = bounds;
  const sheet = {
    roundId, hash: sha256(written), roster: rosterHash, metrics, period, before,
    opensAt: window[0], closesAt: window[1], members, secret, signatures, promised,
    spans: spansOf(metrics), coordinates: metrics.reduce((sum, one) => sum + one.bins, 0),
  };
  checkSheet(sheet, roster);
  return sheet;
}

function metricOf(row) {
  if (!fits(METRIC, row) || !row[2].every((edge) => typeof edge === "string")) {
    refuse("malformed", "A line of the sheet is not name, unit, edges, low, high and counsel.");
  }
  const [name, unit, edges, low, high, counsel] = row;
  return { name, unit, edges, low, high, counsel, bins: edges.length + 2 };
}

function spansOf(metrics) {
  let first = 0;
  return metrics.map(({ bins }) => [first, (first += bins)]);
}

function checkSheet(sheet, roster) {
  const n = roster.members.length;
  if (!same(sheet.roster, roster.hash) || sheet.members !== n) {
    refuse("sheet", "The sheet was made for another roster. Ask the convener for a new one.");
  }
  const most = Math.min(sheet.secret, 2 * sheet.signatures - n - 1, sheet.signatures - 2);
  const asked = sheet.secret === thresholds(n) && [n - 1, n].includes(sheet.signatures);
  if (!asked || sheet.promised < 1 || sheet.promised > most) {
    refuse("sheet", "The sheet promises what its numbers cannot keep.");
  }
  checkMetrics(sheet.metrics, binsFor(n));
  if (sheet.opensAt >= sheet.closesAt) refuse("sheet", "The round closes before it opens.");
  checkChange(roster.members.map((member) => member.company), sheet.before);
}

function checkMetrics(metrics, bins) {
  const names = new Set(metrics.map((metric) => metric.name));
  if (metrics.length < 1 || metrics.length > MOST_METRICS || names.size < metrics.length) {
    refuse("sheet", `A sheet has from 1 to ${MOST_METRICS} metrics, each once.`);
  }
  for (const { name, bins: found, low, edges, high } of metrics) {
    if (found !== bins) refuse("sheet", `${name} has ${found} bins where ${bins} are due.`);
    const numbers = [low, ...edges, high];
    const plain = numbers.every((one) => NUMBER.test(one) && one !== "-0");
    const ascend = numbers.every((one, at) => at === 0 || Number(numbers[at - 1]) < Number(one));
    if (!plain || !ascend) refuse("sheet", `The edges of ${name} are no plain decimals that ascend.`);
  }
}

// Rule 9: a difference of exactly one company would be that company's ballot.
export function checkChange(now, before) {
  const changed = [...now.filter((one) => !before.includes(one)), ...before.filter((one) => !now.includes(one))];
  if (before.length && changed.length === 1) {
    refuse("change", `Since the last opened round only ${changed[0]} came or went.`);
  }
}

// Null is "not applicable".
export function binOf(metric, value) {
  if (value === null) return metric.bins - 1;
  if (!Number.isFinite(value)) refuse("value", `${metric.name}: enter a number, or “not applicable”.`);
  return metric.edges.filter((edge) => Number(edge) <= value).length;
}

export const contextFor = (sheet, index) =>
  contextOf({ roundId: sheet.roundId, sheet: sheet.hash, roster: sheet.roster, index });

