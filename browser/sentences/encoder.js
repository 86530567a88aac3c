// What pieces mean together: each alone, beside its neighbours (two, three and five at a time), all
// added up, and four layers. Yang and others 2019, arXiv:1907.04307, the convolutional one.
import kernel from "./matmul.wasm";

const [EMBEDDING, BRANCH, SIZE, LANES, ROWS] = [512, 256, 512, 8, 4];
const ORDERS = [[2, 0], [3, 1], [5, 2]];
const BRANCHES = BRANCH * ORDERS.length;
const FEATURES = EMBEDDING + BRANCHES;
const MARGIN = 2;
const PAGE = 1 << 16;

/** Give `read`, from numbers of pieces, at most `most`, to what they mean: 512 numbers. */
export async function encoder(packed, most) {
  const { instance } = await WebAssembly.instantiate(kernel);
  const room = new Room(instance.exports, packed, most + ROWS);
  return { size: SIZE, read: (pieces) => meaning(pieces, packed, room) };
}

/** The memory of the kernel: weights in its order, and a place for each step. */
class Room {
  constructor({ memory, matmul }, packed, rows) {
    this.matmul = matmul;
    this.parts = {};
    const sizes = this.sizes(packed, rows);
    const whole = Object.values(sizes).reduce((sum, size) => sum + 4 * size, PAGE);
    memory.grow(Math.ceil(whole / PAGE));
    let at = PAGE;
    for (const [name, size] of Object.entries(sizes)) {
      this.parts[name] = new Float32Array(memory.buffer, at, size);
      at += 4 * size;
    }
    for (const [name, [inner, columns]] of Object.entries(packed.shapes))
      inPanels(packed[name], inner, columns, this.parts[name]);
  }

  sizes(packed, rows) {
    const weights = Object.entries(packed.shapes).map(([name, [inner, columns]]) => [name, inner * columns]);
    return {
      ...Object.fromEntries(weights),
      embedded: rows * EMBEDDING,
      projected: rows * BRANCHES,
      beside: (rows + 2 * MARGIN) * BRANCH,
      branch: rows * BRANCH,
      row: ROWS * FEATURES,
      out: ROWS * FEATURES,
    };
  }

  /** Add x times the weights of that name to `to`; every fourth row begun is reckoned with. */
  add(x, weights, to, rows, { stride, shapes }) {
    const [inner, columns] = shapes[weights];
    const whole = Math.ceil(rows / ROWS) * ROWS;
    const [from, at, out] = [x, this.parts[weights], to].map(({ byteOffset }) => byteOffset);
    this.matmul(from, stride ?? inner, at, out, whole, inner, columns / LANES);
  }
}

/** Columns by eights, so that the kernel reads them in a row. */
function inPanels(weights, inner, columns, to) {
  let at = 0;
  for (let first = 0; first < columns; first += LANES)
    for (let row = 0; row < inner; row += 1)
      for (let lane = 0; lane < LANES; lane += 1) {
        to[at] = weights[row * columns + first + lane];
        at += 1;
      }
}

function meaning(pieces, packed, room) {
  const features = new Float32Array(pieces.length * FEATURES);
  embed(pieces, packed, room.parts.embedded);
  pieces.forEach((_, row) =>
    features.set(room.parts.embedded.subarray(row * EMBEDDING, (row + 1) * EMBEDDING), row * FEATURES));
  project(pieces.length, packed, room);
  ORDERS.forEach((order, branch) => neighbours(pieces.length, order, branch, features, packed, room));
  normalise(features, FEATURES, packed.all_scale, packed.all_shift, packed.eps);
  return layers(summed(features), pieces.length, packed, room);
}

function embed(pieces, { table, rows_of: rowsOf, scale, low }, to) {
  pieces.forEach((piece, row) => {
    const [times, from] = [scale[rowsOf[piece]], low[rowsOf[piece]]];
    for (let at = 0; at < EMBEDDING; at += 1)
      to[row * EMBEDDING + at] = Math.fround(table[piece * EMBEDDING + at] * times) + from;
  });
}

function project(length, packed, room) {
  const { embedded, projected } = room.parts;
  for (let row = 0; row < length; row += 1) projected.set(packed.proj_bias, row * BRANCHES);
  room.add(embedded, "proj", projected, length, packed);
  normalise(projected.subarray(0, length * BRANCHES), BRANCHES, packed.proj_scale, packed.proj_shift, packed.eps);
}

/** Two layers over each piece and its neighbours; nothing stands before the first and the last. */
function neighbours(length, [order, left], branch, features, packed, room) {
  const { projected, beside, branch: out } = room.parts;
  const part = (row) => projected.subarray(row * BRANCHES + branch * BRANCH, row * BRANCHES + (branch + 1) * BRANCH);
  const begins = MARGIN * BRANCH;
  beside.fill(0);
  for (let row = 0; row < length; row += 1) beside.set(part(row), begins + row * BRANCH);
  for (const layer of [1, 2]) {
    const bias = packed[`bias_${layer}_${order}`];
    for (let row = 0; row < length; row += 1) out.set(bias, row * BRANCH);
    const from = beside.subarray((MARGIN - left) * BRANCH);
    room.add(from, `near_${layer}_${order}`, out, length, { ...packed, stride: BRANCH });
    for (let at = 0; at < length * BRANCH; at += 1) beside[begins + at] += Math.max(out[at], 0);
  }
  for (let row = 0; row < length; row += 1) {
    const from = begins + row * BRANCH;
    features.set(beside.subarray(from, from + BRANCH), row * FEATURES + EMBEDDING + branch * BRANCH);
  }
}

/** Give each row the mean 0 and the spread 1, then a scale and a shift for each column. */
function normalise(values, width, scale, shift, eps) {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    let sum = 0;
    for (let at = 0; at < width; at += 1) sum += row[at];
    const mean = sum / width;
    let squares = 0;
    for (let at = 0; at < width; at += 1) squares += (row[at] - mean) ** 2;
    const times = 1 / Math.sqrt(squares / width + eps);
    for (let at = 0; at < width; at += 1) row[at] = (row[at] - mean) * times * scale[at] + shift[at];
  }
}

function summed(features) {
  const sum = new Float32Array(FEATURES);
  for (let at = 0; at < features.length; at += 1) sum[at % FEATURES] += features[at];
  return sum;
}

function layers(sum, length, packed, room) {
  const times = 1 / Math.sqrt(length);
  const whole = product(packed, room, [sum, "pooled"]).map((each, at) => (each + length * packed.pooled_bias[at]) * times);
  const positive = (values) => values.map((each) => Math.max(each, 0));
  const first = positive(product(packed, room, [whole, "d0"]));
  const second = positive(product(packed, room, [whole, "p1"], [first, "d1"]));
  const third = positive(product(packed, room, [second, "d2"]));
  const last = product(packed, room, [second, "p3"], [third, "d3"]).map(Math.tanh);
  const squares = last.reduce((total, each) => total + each * each, 0);
  return last.map((each) => each / Math.sqrt(Math.max(squares, packed.eps)));
}

/** One row times weights, added up over the pairs. */
function product(packed, room, ...pairs) {
  const { row, out } = room.parts;
  const [, columns] = packed.shapes[pairs[0][1]];
  out.fill(0);
  for (const [values, weights] of pairs) {
    row.set(values);
    room.add(row, weights, out, 1, packed);
  }
  return out.slice(0, columns);
}
