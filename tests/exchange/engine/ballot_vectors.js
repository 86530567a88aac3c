// Holds the browser's half against tests/vectors; gives what differs, which must be nothing.
import * as half from "/sealed_ballot.js";

const { bytes, group, hex, keys, messages, proofs, shares, unhex } = half;
const wrong = [];

function same(found, due, what) {
  if (JSON.stringify(found) !== JSON.stringify(due)) wrong.push(what);
}

function refused(what, work) {
  try {
    work();
    wrong.push(`not refused: ${what}`);
  } catch (error) {
    if (error.name !== "BallotError") wrong.push(`${what}: ${error}`);
  }
}

const scalar = (text) => group.readScalar(unhex(text));
const written = (number) => hex(group.writeScalar(number));
const real = (value) => (Array.isArray(value) ? value.map(real) : (value?.bytes !== undefined ? unhex(value.bytes) : value));
const plain = (value) => (Array.isArray(value) ? value.map(plain) : (value instanceof Uint8Array ? { bytes: hex(value) } : value));

export function drawnFrom(seed) {
  let [block, left] = [0, new Uint8Array()];
  return (count) => {
    while (left.length < count) {
      left = bytes.join(left, group.sha512(bytes.join(bytes.utf8(seed), bytes.numberBytes(block, 8))));
      block += 1;
    }
    const drawn = left.slice(0, count);
    left = left.slice(count);
    return drawn;
  };
}

const checks = {
  encoding({ written: good, refused: bad }) {
    for (const one of good) {
      same(hex(half.pack(real(one.value))), one.written, `pack ${one.written}`);
      same(plain(half.unpack(unhex(one.written))), one.value, `unpack ${one.written}`);
    }
    for (const one of bad) refused(one.why, () => half.unpack(unhex(one.written)));
    refused("2^53", () => half.pack(2 ** 53));
    refused("a fraction", () => half.pack(0.5));
  },

  group(due) {
    same(hex(group.G.toBytes()), due.G, "G");
    same(hex(group.H.toBytes()), due.H, "H");
    for (const { label, point } of due.hash_to_group) {
      same(hex(group.hashToGroup(bytes.utf8(label)).toBytes()), point, `hash of “${label}”`);
    }
    for (const one of due.wide_scalars) same(written(group.wideScalar(unhex(one.bytes))), one.scalar, "wide");
    for (const { value, blinding, commitment } of due.commitments) {
      same(hex(group.commit(value, scalar(blinding)).toBytes()), commitment, "commitment");
    }
    for (const one of due.refused_scalars) refused(`scalar ${one}`, () => scalar(one));
    for (const one of due.refused_points) refused(`point ${one}`, () => group.readPoint(unhex(one)));
    const draw = drawnFrom(due.stream.seed);
    same([hex(draw(100)), hex(draw(50))], [due.stream.first_100, due.stream.next_50], "stream");
  },

  shares(due) {
    const rows = due.coefficients.map((row) => row.map(scalar));
    same(shares.evaluate(rows, due.points).map((row) => row.map(written)), due.values, "shares");
    for (const { points, weights } of due.weights) same(shares.weights(points).map(written), weights, "weights");
    const values = due.values.map((row) => row.map(scalar));
    for (const { points } of due.weights) {
      const back = shares.combine(shares.weights(points), points.map((point) => values[point - 1]));
      same(back.map(written), due.coefficients[0], "shares put together");
    }
  },

  proofs({ context, holds, binding }) {
    const here = unhex(context.written);
    const made = holds.map((one) => {
      const [commitment, proof] = proofs.proveTick(here, one.coordinate, {
        tick: one.tick, blinding: scalar(one.blinding), drawn: one.drawn.map(scalar),
      });
      same([hex(commitment), hex(proof)], [one.commitment, one.proof], `proof of ${one.tick}`);
      same(proofs.tickHolds(here, one.coordinate, commitment, proof), true, "a proof holds");
      same(proofs.tickHolds(here, one.coordinate + 1, commitment, proof), false, "elsewhere it does not");
      return [commitment, proof];
    });
    same(proofs.allHold(here, [made[0][0]], [made[0][1]]), true, "all hold");
    same(proofs.allHold(here, [made[1][0]], [made[1][1]]), false, "the second is bound to its place");
    const commitments = unhex(binding.commitments);
    same(hex(proofs.binding(here, { ...binding, commitments })), binding.binding, "binding");
  },

  keys(due) {
    const key = keys.keyOf(unhex(due.seed));
    same([hex(key.signing), hex(key.sealing)], [due.signing, due.sealing], "keys");
    same(hex(keys.fingerprint(key)), due.fingerprint, "fingerprint");
    same(keys.safetyWords(keys.fingerprint(key)), due.safety_words, "safety words");
    same(keys.recoveryWords(key), due.recovery_words, "recovery words");
    same(hex(keys.keyFromWords(due.recovery_words).seed), due.seed, "key from words");
    refused("a word too few", () => keys.keyFromWords(due.recovery_words.slice(1)));
    refused("words in another order", () => keys.keyFromWords([...due.recovery_words].reverse()));
    same(hex(keys.sign(key, unhex(due.said))), due.signature, "signature");
    same(keys.signedBy(key.signing, unhex(due.said), unhex(due.signature)), true, "signed by");
    const { one_time: oneTime, said, box } = due.box;
    same(hex(keys.sealFor(key.sealing, unhex(said), unhex(oneTime))), box, "box");
    same(hex(keys.openBox(key, unhex(box))), said, "box opened");
    refused("a box for another", () => keys.openBox(keys.keyOf(new Uint8Array(32)), unhex(box)));
    same(keys.writeKeyFile(key, "Nordlicht Café"), due.key_file, "key file");
    same(hex(keys.readKeyFile(due.key_file).key.seed), due.seed, "key file read");
    refused("another file", () => keys.readKeyFile("{}"));
  },

  round(due) {
    const [own, roster, sheet] = taken(due);
    same([hex(roster.hash), hex(sheet.hash)], [due.roster_hash, due.sheet_hash], "hashes");
    const [round, ballots, memories] = [{ roster, sheet }, new Map(), []];
    due.companies.forEach(({ index, stream, bins, ballot, ballot_hash: hash }, at) => {
      const start = { memory: half.newMemory(sheet.roundId), draw: drawnFrom(stream) };
      const [made, memory] = half.seal(own[at], round, bins, start);
      same([hex(messages.writeBallot(made)), hex(made.hash)], [ballot, hash], `ballot ${index}`);
      ballots.set(index, messages.readBallot(unhex(ballot)));
      memories.push(half.readMemory(half.writeMemory(memory)));
    });
    opened(due, { own, round, ballots, memories });
  },

  results({ cases }) {
    for (const one of cases) {
      const metric = { ...one.metric, name: "metric", bins: one.metric.edges.length + 2 };
      same(half.standsFor(metric), one.stands_for, "stands for");
      same(half.halfBins(metric), one.half_bins, "half bins");
      const found = half.band(metric, one.counts);
      const { lower, middle, upper, mean } = found ?? {};
      same(found && { lower, middle, upper, mean }, one.band, "band");
      same(one.values.map((value) => half.binOf(metric, value)), one.bins, "bins");
      const places = one.values.map((value) => half.ownPlace(metric, one.counts, value)?.against ?? null);
      same(places, one.places, "places");
    }
  },

  attacks(due, { round: { companies } }) {
    const [, roster, sheet] = taken({ ...due, companies });
    half.checkBallot({ roster, sheet }, messages.readBallot(unhex(due.good)));
    for (const [why, ballot] of Object.entries(due.refused)) {
      refused(why, () => half.checkBallot({ roster, sheet }, messages.readBallot(unhex(ballot))));
    }
  },
};

function taken({ companies, roster, sheet }) {
  const own = companies.map(({ seed }) => keys.keyOf(unhex(seed)));
  const signatures = own.map((key) => keys.sign(key, unhex(roster)));
  const read = half.readRoster(half.pack([unhex(roster), signatures]));
  refused("a roster unsigned", () => half.readRoster(half.pack([unhex(roster), signatures.slice(1)])));
  return [own, read, half.readSheet(unhex(sheet), read)];
}

function opened(due, { own, round, ballots, memories }) {
  const listed = messages.readList(unhex(due.list));
  same(hex(listed.hash), due.list_hash, "list");
  const boxes = (at) => new Map([...ballots].map(([index, ballot]) => [index, { ballot, box: ballot.boxes[at] }]));
  const confirmed = due.companies.map(({ confirmation }, at) => {
    const [said, memory] = half.confirm(own[at], round, listed, { received: boxes(at), memory: memories[at] });
    same(hex(said), confirmation, "confirmation");
    memories[at] = memory;
    return messages.readConfirmation(said);
  });
  due.companies.forEach(({ sums }, at) => {
    const asked = { received: boxes(at), confirmations: confirmed, memory: memories[at] };
    same(hex(half.openSums(own[at], round, listed, asked)[0]), sums, "sums");
    refused("too few confirmations", () =>
      half.openSums(own[at], round, listed, { ...asked, confirmations: confirmed.slice(2) }));
    refused("another's boxes", () =>
      half.openSums(own[at], round, listed, { ...asked, received: boxes((at + 1) % own.length) }));
  });
  const other = { ...listed, hash: new Uint8Array(32) };
  refused("a second list", () => half.confirm(own[0], round, other, { received: boxes(0), memory: memories[0] }));
  const totals = messages.readTotals(unhex(due.totals));
  half.checkTotals(round, listed, totals, ballots);
  const [first, second, ...rest] = totals.counts;
  refused("other totals", () =>
    half.checkTotals(round, listed, { ...totals, counts: [first + 1, second - 1, ...rest] }, ballots));
}

export function differences(vectors) {
  for (const [name, check] of Object.entries(checks)) check(vectors[name], vectors);
  return wrong;
}
