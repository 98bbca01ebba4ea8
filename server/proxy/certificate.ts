import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { isIP } from "node:net";

/**
 * X.509 certificates (RFC 5280) of one kind: ECDSA on P-256, an authority that signs hosts, and hosts. Node makes keys
 * and signatures and reads certificates; it writes none, so their few structures are written here.
 */

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  readonly key: KeyObject;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

/** Signs certificates of hosts, and no further authority. */
export function makeAuthorityCertificate(name: string, validity: Validity): Certificate {
  const { privateKey: key, publicKey } = newKeys();
  const subject = nameOf(name);
  const extensions = [
    extension("2.5.29.19", sequence(boolean, integer(Buffer.of(0))), { critical: true }),
    extension("2.5.29.15", bits(0x06, 1), { critical: true }),
    extension("2.5.29.14", octets(keyIdOf(publicKey))),
  ];
  const certificate = signed({ issuer: subject, subject, validity, publicKey, extensions }, key);
  return { certificate, key };
}

export interface Signer {
  /** The name that its own certificate has. */
  readonly name: string;
  readonly key: KeyObject;
}

export function makeHostCertificate(
  host: string,
  validity: Validity,
  { name, key: signer }: Signer,
): Certificate {
  const { privateKey: key, publicKey } = newKeys();
  const extensions = [
    extension("2.5.29.19", sequence(), { critical: true }),
    extension("2.5.29.15", bits(0x80, 7), { critical: true }),
    extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", sequence(nameOfHost(host)), { critical: true }),
    extension("2.5.29.35", sequence(tagged(0x80, keyIdOf(createPublicKey(signer))))),
  ];
  // The host is in the extension; a name of a subject may hold 64 characters only.
  const subject = sequence();
  const certificate = signed({ issuer: nameOf(name), subject, validity, publicKey, extensions }, signer);
  return { certificate, key };
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

interface Unsigned {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly validity: Validity;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function signed({ issuer, subject, validity, publicKey, extensions }: Unsigned, key: KeyObject): string {
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    // Positive, and never 0.
    integer(Buffer.concat([Buffer.of(1), randomBytes(16)])),
    ecdsaWithSha256,
    issuer,
    sequence(time(validity.from), time(validity.to)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", content, key);
  const der = sequence(content, ecdsaWithSha256, tagged(0x03, Buffer.of(0), signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const keyIdOf = (key: KeyObject): Buffer =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest()
    .subarray(0, 20);

const nameOf = (commonName: string): Buffer =>
  sequence(tagged(0x31, sequence(objectId("2.5.4.3"), tagged(0x0c, Buffer.from(commonName)))));

const nameOfHost = (host: string): Buffer =>
  isIP(host) === 0 ? tagged(0x82, Buffer.from(host)) : tagged(0x87, addressBytes(host));

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  // As `URL` writes them: no dotted end.
  const [before = "", after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const words = (text: string | undefined) =>
    text ? text.split(":").map((word) => Number.parseInt(word, 16)) : [];
  const [first, last] = [words(before), words(after)];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** Tag, length and value (ITU-T X.690, DER). */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), value]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const octets = (value: Buffer): Buffer => tagged(0x04, value);
const integer = (value: Buffer): Buffer => tagged(0x02, value);
const bits = (byte: number, unused: number): Buffer => tagged(0x03, Buffer.of(unused, byte));
const boolean = tagged(0x01, Buffer.of(0xff));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.from(bytes));
}
const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

/** Years from 2050 on have four digits. */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

const extension = (id: string, value: Buffer, { critical = false } = {}): Buffer =>
  sequence(objectId(id), ...(critical ? [boolean] : []), octets(value));
