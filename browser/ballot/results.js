// Totals held against the commitments, the band of a metric, and one's own place, here alone.
import { pieces, refuse, same } from "./bytes.js";
import { WIDTH, commit, readPoint, readScalars } from "./group.js";
import { addPoints } from "./proofs.js";
import { FEWEST, binOf } from "./sheet.js";

// `ballots`: by index, those on the list, checked.
export function checkTotals({ sheet }, listed, totals, ballots) {
  const blindings = readScalars(totals.blindings);
  const { counts } = totals;
  const adds = ([first, after]) => counts.slice(first, after).reduce((a, b) => a + b, 0) === totals.ballots;
  const fit =
    same(totals.listHash, listed.hash) &&
    totals.ballots === listed.ballots.length &&
    counts.length === sheet.coordinates &&
    blindings.length === counts.length &&
    counts.every((count) => count <= totals.ballots) &&
    sheet.spans.every(adds);
  if (!fit) refuse("totals", "The totals are not those of this list.");
  const rows = listed.ballots.map(([index]) => pieces(ballots.get(index).commitments, WIDTH).map(readPoint));
  counts.forEach((count, k) => {
    if (!addPoints(rows.map((row) => row[k])).equals(commit(count, blindings[k]))) {
      refuse("totals", "The totals do not fit the commitments. No result is shown.");
    }
  });
}

export function standsFor({ edges, low, high }) {
  const numbers = edges.map(Number);
  const inner = numbers.slice(1).map((edge, at) => (numbers[at] + edge) / 2);
  return [Number(low), ...inner, Number(high)];
}

export function halfBins(metric) {
  const standing = standsFor(metric);
  return standing.flatMap((value, at) => (at < metric.edges.length ? [value, Number(metric.edges[at])] : [value]));
}

// Null where fewer than five companies answered other than "not applicable".
export function band(metric, counts) {
  const answered = counts.slice(0, -1);
  const total = answered.reduce((a, b) => a + b, 0);
  if (total < FEWEST) return null;
  const shown = halfBins(metric);
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((share) => shown[quantile(answered, share)]);
  const standing = standsFor(metric);
  const mean = answered.reduce((sum, count, at) => sum + count * standing[at], 0) / total;
  const near = shown.reduce((best, one) => (Math.abs(one - mean) < Math.abs(best - mean) ? one : best));
  return { lower, middle, upper, mean: near, counts: answered };
}

function quantile(counts, share) {
  let sum = 0;
  const reached = counts.map((count) => (sum += count));
  const due = share * sum;
  const at = reached.findIndex((soFar) => soFar >= due);
  const within = 1 - (reached[at] - due) / counts[at];
  const halves = Math.ceil(2 * (at + within) - 0.5);
  return Math.min(Math.max(halves - 1, 0), 2 * counts.length - 2);
}

export function ownPlace(metric, counts, value) {
  const found = band(metric, counts);
  if (!found || value === null) return null;
  const bin = binOf(metric, value);
  const standing = standsFor(metric)[bin];
  const against = standing < found.lower ? "below" : standing > found.upper ? "above" : "within";
  return { bin, against };
}
