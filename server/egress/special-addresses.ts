import { isIP } from "node:net";

/** What an address is where it is no public host. */
export type AddressKind = "loopback" | "private" | "link-local" | "special";

/**
 * The IANA registries of special-purpose addresses (IPv4 and IPv6, RFC 6890 and RFC 8190) with what was added to them
 * since, and the multicast and reserved blocks beside them. Table of 28 November 2026.
 */
const registry: readonly (readonly [network: string, prefix: number, kind: AddressKind, why: string])[] = [
  ["0.0.0.0", 8, "special", "this network, RFC 791"],
  ["10.0.0.0", 8, "private", "private use, RFC 1918"],
  ["100.64.0.0", 10, "private", "shared address space, RFC 6598"],
  ["127.0.0.0", 8, "loopback", "loopback, RFC 1122"],
  ["169.254.0.0", 16, "link-local", "link local, RFC 3927"],
  [
    "168.63.129.16",
    32,
    "link-local",
    "the platform of Azure, which answers as 169.254.169.254 does elsewhere",
  ],
  ["172.16.0.0", 12, "private", "private use, RFC 1918"],
  ["192.0.0.0", 24, "special", "IETF protocol assignments, RFC 6890"],
  ["192.0.2.0", 24, "special", "documentation, RFC 5737"],
  ["192.31.196.0", 24, "special", "AS112, RFC 7535"],
  ["192.52.193.0", 24, "special", "AMT, RFC 7450"],
  ["192.88.99.0", 24, "special", "6to4 relay anycast, RFC 7526"],
  ["192.168.0.0", 16, "private", "private use, RFC 1918"],
  ["192.175.48.0", 24, "special", "AS112, RFC 7534"],
  ["198.18.0.0", 15, "special", "benchmarks, RFC 2544"],
  ["198.51.100.0", 24, "special", "documentation, RFC 5737"],
  ["203.0.113.0", 24, "special", "documentation, RFC 5737"],
  ["224.0.0.0", 4, "special", "multicast, RFC 5771"],
  ["240.0.0.0", 4, "special", "reserved, RFC 1112, and the limited broadcast, RFC 8190"],
  ["::1", 128, "loopback", "loopback, RFC 4291"],
  ["::", 96, "special", "unspecified and IPv4-compatible, RFC 4291"],
  ["::ffff:0:0:0", 96, "special", "IPv4-translated, RFC 7915"],
  ["64:ff9b:1::", 48, "special", "local-use translation, RFC 8215"],
  ["100::", 64, "special", "discard only, RFC 6666"],
  ["100:0:0:1::", 64, "special", "dummy prefix, RFC 9780"],
  ["2001::", 23, "special", "IETF protocol assignments with Teredo, ORCHID and DETs, RFC 2928"],
  ["2001:db8::", 32, "special", "documentation, RFC 3849"],
  ["2002::", 16, "special", "6to4, RFC 3056"],
  ["2620:4f:8000::", 48, "special", "AS112, RFC 7534"],
  ["3fff::", 20, "special", "documentation, RFC 9637"],
  ["5f00::", 16, "special", "segment routing, RFC 9602"],
  ["fc00::", 7, "private", "unique local, RFC 4193"],
  ["fe80::", 10, "link-local", "link local, RFC 4291"],
  ["fec0::", 10, "private", "site local, RFC 3879"],
  ["ff00::", 8, "special", "multicast, RFC 4291"],
];

interface Parsed {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const blocks = registry.map(([network, prefix, kind]) => {
  const { bits, value } = parse(network) as Parsed;
  const shift = BigInt(bits - prefix);
  return { bits, shift, top: value >> shift, kind };
});

/** What kind of special address it is; undefined for a public host. What is no address at all is special. */
export function kindOfAddress(address: string): AddressKind | undefined {
  const parsed = parse(address);
  return parsed === undefined ? "special" : kindOf(parsed);
}

function kindOf({ bits, value }: Parsed): AddressKind | undefined {
  if (bits === 128) {
    const top = value >> 32n;
    // IPv4-mapped, and NAT64, by which networks without IPv4 reach every IPv4 host: judged by the address they carry.
    if (top === 0xffffn || top === 0x64ff9bn << 64n) return kindOf({ bits: 32, value: value & 0xffffffffn });
    // ISATAP (RFC 5214) carries an IPv4 address under any prefix.
    if ((((value >> 32n) & 0xffffffffn) | 0x2000000n) === 0x2005efen) return "special";
  }
  const block = blocks.find((each) => each.bits === bits && value >> each.shift === each.top);
  if (block) return block.kind;
  // Of IPv6 only 2000::/3 is given to hosts.
  return bits === 128 && value >> 125n !== 1n ? "special" : undefined;
}

/** The number that an address is. */
function parse(address: string): Parsed | undefined {
  switch (isIP(address)) {
    case 4:
      return { bits: 32, value: numberOf(address.split(".").map(Number), 8n) };
    case 6:
      return { bits: 128, value: numberOf(groupsOf(address.replace(/%.*$/, "")), 16n) };
    default:
      return undefined;
  }
}

function numberOf(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const [before, after] = [partsOf(head), partsOf(tail ?? "")];
  return tail === undefined
    ? before
    : [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function partsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
