// Shamir's sharing: polynomials whose constant terms are the secrets.
import { ORDER, mod } from "./group.js";

// `coefficients`: rows by power, constant terms first. Gives a row a point. The points are small,
// so that one reduction at the end of Horner's rule is enough.
export function evaluate(coefficients, points) {
  const powers = coefficients.slice().reverse();
  return points.map((point) => {
    const at = BigInt(point);
    return coefficients[0].map((_, which) => powers.reduce((value, row) => value * at + row[which], 0n) % ORDER);
  });
}

// Lagrange's weights at 0.
export function weights(points) {
  return points.map((one) => {
    let [above, below] = [1n, 1n];
    for (const other of points) {
      if (other === one) continue;
      above = mod(above * BigInt(-other));
      below = mod(below * BigInt(one - other));
    }
    return mod(above * inverse(below));
  });
}

function inverse(number) {
  let [power, result, base] = [ORDER - 2n, 1n, number];
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

export function combine(weighted, rows) {
  return rows[0].map((_, at) => mod(rows.reduce((sum, row, which) => sum + weighted[which] * row[at], 0n)));
}
