/** One entry as Google Authenticator writes it; enumerations by their numbers. */
export interface MigrationParameters {
  readonly secret: Uint8Array;
  readonly name?: string;
  readonly issuer?: string;
  readonly algorithm?: number;
  readonly digits?: number;
  readonly type?: number;
  readonly counter?: number;
}

export interface MigrationPayload {
  readonly entries: readonly MigrationParameters[];
  readonly batchSize?: number;
  readonly batchIndex?: number;
  readonly batchId?: bigint;
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

const number = (field: number, value: number | bigint | undefined): number[] =>
  value === undefined ? [] : [...varint(BigInt(field << 3)), ...varint(BigInt(value))];

const bytes = (field: number, value: Uint8Array | readonly number[] | undefined): number[] =>
  value === undefined ? [] : [...varint(BigInt((field << 3) | 2)), ...varint(BigInt(value.length)), ...value];

const text = (field: number, value: string | undefined): number[] =>
  value === undefined ? [] : bytes(field, new TextEncoder().encode(value));

export const encodePayload = (payload: MigrationPayload): Uint8Array =>
  Uint8Array.from([
    ...payload.entries.flatMap((entry) =>
      bytes(1, [
        ...bytes(1, entry.secret),
        ...text(2, entry.name),
        ...text(3, entry.issuer),
        ...number(4, entry.algorithm),
        ...number(5, entry.digits),
        ...number(6, entry.type),
        ...number(7, entry.counter),
      ]),
    ),
    ...number(2, 1),
    ...number(3, payload.batchSize),
    ...number(4, payload.batchIndex),
    ...number(5, payload.batchId),
  ]);

/** The base64 as it stands in the link, not percent-encoded. */
export const encodeBase64 = (payload: MigrationPayload): string =>
  Buffer.from(encodePayload(payload)).toString("base64");

/** The link in the QR code. */
export const encodeMigration = (payload: MigrationPayload): string =>
  `otpauth-migration://offline?data=${encodeURIComponent(encodeBase64(payload))}`;
