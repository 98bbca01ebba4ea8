import { BlockList, isIPv6 } from "node:net";

/** Servers in front of ours whose word on SPF, DKIM and DMARC is taken. */
export interface TrustedHops {
  /** IP addresses and CIDR blocks they connect from. */
  readonly networks: readonly string[];
  /** The names they sign their Authentication-Results with. */
  readonly authservIds: readonly string[];
}

/** Whose Authentication-Results are believed on a connection from this address. None but from a trusted hop. */
export function createTrust({ networks, authservIds }: TrustedHops): (address: string) => readonly string[] {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const ids = authservIds.map((id) => id.toLowerCase());
  return (address) => (trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4") ? ids : []);
}
