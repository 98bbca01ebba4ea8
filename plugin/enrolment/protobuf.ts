/** One field of a protobuf message: a number, or bytes. Values of other wire types are skipped. */
export type ProtobufField = readonly [number: number, value: number | Uint8Array];

const longestVarint = 10;

/**
 * Reads the fields of one message in order (protobuf.dev/programming-guides/encoding). Undefined when the
 * bytes are not a whole message. Numbers past 2^53 lose their low bits: check `Number.isSafeInteger`.
 */
export function readProtobuf(bytes: Uint8Array): readonly ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  let at = 0;

  const varint = (): number | undefined => {
    let value = 0;
    for (let place = 0; place < longestVarint; place++) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) return value;
    }
    return undefined;
  };

  while (at < bytes.length) {
    const key = varint();
    if (key === undefined || key < 8 || key > 0xffffffff) return undefined;
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push([number, value]);
    } else if (wireType === 2) {
      const length = varint();
      if (length === undefined || length > bytes.length - at) return undefined;
      fields.push([number, bytes.subarray(at, at + length)]);
      at += length;
    } else if (wireType === 1 || wireType === 5) {
      at += wireType === 1 ? 8 : 4;
      if (at > bytes.length) return undefined;
    } else return undefined;
  }
  return fields;
}
