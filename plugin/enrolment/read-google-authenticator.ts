import { cleanName, trimPaste, withoutInvisible } from "./clean-text.ts";
import { type Batch, type EnrolmentEntry, type Reading, warn } from "./enrolment-entry.ts";
import { readEach, readFields } from "./read-fields.ts";
import { readSecretBytes } from "./read-secret.ts";
import { type Refusal, refuse } from "./refusals.ts";
import { decodePercent, readLabel, splitUri } from "./uri-parts.ts";

export const isMigrationUri = (text: string): boolean => /^otpauth-migration:/i.test(text);

/** Field numbers of MigrationPayload and OtpParameters, as the app's QR codes have them (qistoph/otp_export). */
const payload = { entry: 1, batchSize: 3, batchIndex: 4 };
const parameter = { secret: 1, name: 2, issuer: 3, algorithm: 4, digits: 5, type: 6, counter: 7 };

/** Enumerations by value; 0 is "unspecified" and means the first. The app's own default type is TOTP. */
const algorithms = ["SHA1", "SHA1", "SHA256", "SHA512", "MD5"];
const digitCounts = ["6", "6", "8", "7"];
const types = ["totp", "hotp", "totp"];

/** Google Authenticator shows ten entries a code; more codes than this is no export of it. */
const largestBatch = 1000;

/**
 * Reads what Google Authenticator exports as a QR code: `otpauth-migration://offline?data=` and a protobuf
 * in base64, percent-encoded or not. Its entries have no period: it is 30 seconds. The format has no public
 * definition.
 *
 * Refuses the whole with link_unknown, migration_damaged, too_many, nothing_inside; an entry for the reasons
 * of `readFields` or entry_damaged.
 *
 * @example readGoogleAuthenticator("otpauth-migration://offline?data=CjEKCkhl…") // { kind: "entries", source: "migration", … }
 */
export function readGoogleAuthenticator(text: string): Reading {
  const uri = withoutInvisible(trimPaste(text));
  if (!isMigrationUri(uri)) return refuse("link_unknown");
  const bytes = decodeBase64(splitUri(uri).parameters.get("data")?.[0] ?? "");
  const fields = bytes === undefined ? undefined : readProtobuf(bytes);
  if (fields === undefined || fields.length === 0) return refuse("migration_damaged");
  const entries = fields.filter(([number]) => number === payload.entry).map(([, value]) => value);
  const reading = readEach("migration", entries, readParameters);
  const batch = readBatch(lastNumber(fields, payload.batchIndex), lastNumber(fields, payload.batchSize));
  return reading.kind === "refused" || batch === undefined ? reading : { ...reading, batch };
}

function readParameters(value: unknown): EnrolmentEntry | Refusal {
  const fields = value instanceof Uint8Array ? readProtobuf(value) : undefined;
  if (fields === undefined) return refuse("entry_damaged");
  const issuerText = cleanName(lastText(fields, parameter.issuer));
  const { issuer, account, differs } = readLabel(lastText(fields, parameter.name), issuerText);
  return readFields(
    {
      type: types[lastNumber(fields, parameter.type)] ?? "unknown",
      issuer,
      account,
      secret: readSecretBytes(lastBytes(fields, parameter.secret)),
      algorithm: algorithms[lastNumber(fields, parameter.algorithm)] ?? "unknown",
      digits: digitCounts[lastNumber(fields, parameter.digits)] ?? "unknown",
      // Zero is not written in this encoding, so an absent counter is a zero.
      counter: String(lastNumber(fields, parameter.counter)),
    },
    [...(differs ? [warn("issuer_differs")] : []), ...(account === null ? [warn("account_missing")] : [])],
  );
}

function readBatch(index: number, size: number): Batch | undefined {
  if (size < 2 || size > largestBatch || index >= size) return undefined;
  const message = `This is part ${index + 1} of ${size}; the other parts have to be pasted too.`;
  return { index: index + 1, size, message };
}

/** Percent-encoded or bare, either alphabet of RFC 4648. A blank was a `+` before something decoded it. */
function decodeBase64(data: string): Uint8Array | undefined {
  const text = decodePercent(data).replaceAll(" ", "+").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The last of several counts, as protobuf has it. */
const last = (fields: readonly ProtobufField[], wanted: number): number | Uint8Array | undefined =>
  fields.findLast(([number]) => number === wanted)?.[1];

const lastNumber = (fields: readonly ProtobufField[], wanted: number): number => {
  const value = last(fields, wanted);
  return typeof value === "number" ? value : 0;
};

const lastBytes = (fields: readonly ProtobufField[], wanted: number): Uint8Array => {
  const value = last(fields, wanted);
  return value instanceof Uint8Array ? value : new Uint8Array();
};

const lastText = (fields: readonly ProtobufField[], wanted: number): string =>
  new TextDecoder().decode(lastBytes(fields, wanted));

/** One field of a protobuf message: a number, or bytes. Values of other wire types are skipped. */
type ProtobufField = readonly [number: number, value: number | Uint8Array];

const longestVarint = 10;

/**
 * Reads the fields of one message in order (protobuf.dev/programming-guides/encoding). Undefined when the
 * bytes are not a whole message. Numbers past 2^53 lose their low bits: check `Number.isSafeInteger`.
 */
function readProtobuf(bytes: Uint8Array): readonly ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  let at = 0;

  const varint = (): number | undefined => {
    let value = 0;
    for (let index = 0; index < longestVarint; index++) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 127) * 2 ** (7 * index);
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
