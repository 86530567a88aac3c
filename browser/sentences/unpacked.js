// The file of the host: the length of a head in JSON, the head, and numbers one kind after another.
const FORMAT = 1;
const KINDS = { u1: Uint8Array, u4: Uint32Array, f4: Float32Array };

/** Read a packed model; throws if it is another format. */
export function unpacked(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  if (head.format !== FORMAT) throw new Error(`A sentence model of format ${head.format}.`);
  const sections = Object.entries(head.sections).map(([name, [kind, start, length]]) =>
    [name, new KINDS[kind](buffer, start, length)]);
  return { ...head, ...Object.fromEntries(sections) };
}
