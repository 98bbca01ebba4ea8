import { isIP } from "node:net";
import type { OutboundPurpose } from "../../plugin/outbound.ts";
import { addressRefused, type Destination, judgeSocket, judgeUrl } from "./judge-address.ts";
import { kindOfAddress } from "./special-addresses.ts";

/** What something leaves for. Each has its own connections, so none rides on what another may reach. */
export type Purpose = OutboundPurpose;

/** What the operator's settings say. */
export interface EgressLists {
  /** For tools, sources and webhooks: nothing else is called. */
  readonly allowedUrls: readonly string[];
  /** For models: nothing else is called, where there is one. */
  readonly modelUrls: readonly string[];
  /** Addresses on this machine or inside its network, each with what may reach it. */
  readonly privateUrls: readonly PrivateUrl[];
}

export interface PrivateUrl {
  /** Absent: everything whose own list allows it. */
  readonly purpose?: Purpose | undefined;
  readonly url: string;
}

/** Where a connection may end that was found to be on the list. */
export type MayEnd = (address: string) => boolean;

export interface AllowList {
  /** Throws ADDRESS_REFUSED where this must not be called for this. */
  judge(purpose: Purpose, destination: Destination): void;
  /** Whether the operator has listed it as an address inside. */
  isInside(purpose: Purpose, destination: Destination): boolean;
  /** Where a connection to this scheme, host and port may end. The path was judged with the request. */
  mayEnd(purpose: Purpose, destination: Destination): MayEnd;
}

interface Entry extends Pick<Destination, "origin" | "host" | "path"> {
  readonly purpose: Purpose | undefined;
  readonly mayBePrivate: boolean;
}

/** The ports that browsers refuse: of mail, of shells, of databases, whose servers read HTTP as commands (WHATWG Fetch). */
const otherProtocols = new Set(
  `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137
  139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720
  1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 9200 10080 11211`
    .split(/\s+/)
    .map(Number),
);

/** Purposes that a person or an agent chooses the address for: each address must be on a list. */
const listedOnly: ReadonlySet<Purpose> = new Set(["tool", "source", "webhook", "proxy"]);
/** Purposes that carry what opens the system: never without TLS, but on this machine. */
const needTls: ReadonlySet<Purpose> = new Set(["sign-in", "issuer", "keys"]);

export function createAllowList({ allowedUrls, modelUrls, privateUrls }: EgressLists): AllowList {
  const inside = privateUrls.map(({ purpose, url }) => entryOf(url, { purpose, mayBePrivate: true }));
  const asNamed = { purpose: undefined, mayBePrivate: false };
  const allowed = allowedUrls.map((url) => entryOf(url, asNamed));
  const models = modelUrls.map((url) => entryOf(url, asNamed));
  /** The list that is the limit of a purpose; undefined where there is none. */
  const limitOf = (purpose: Purpose): readonly Entry[] | undefined =>
    listedOnly.has(purpose) ? allowed : purpose === "model" && models.length > 0 ? models : undefined;
  const entriesFor = (purpose: Purpose, fits: (entry: Entry) => boolean): Entry[] => {
    const forAll = inside.filter((entry) => entry.purpose === undefined);
    const own = inside.filter((entry) => entry.purpose === purpose);
    const listed = (limitOf(purpose) ?? []).filter(fits);
    // An address that is listed for everything opens no list that a purpose has of its own.
    const open = limitOf(purpose) === undefined || listed.length > 0;
    return [...own.filter(fits), ...(open ? forAll.filter(fits) : []), ...listed];
  };
  const mayEnd: AllowList["mayEnd"] = (purpose, { origin, host }) => {
    const entries = entriesFor(purpose, (entry) => entry.origin === origin);
    // RFC 6761: these names are never those of another machine.
    const isHere = /(^|\.)localhost\.?$/.test(host);
    return (address) => (kindOfAddress(address) === undefined ? !isHere : mayEndInside(entries, address));
  };
  const isInside: AllowList["isInside"] = (purpose, { origin }) =>
    entriesFor(purpose, (entry) => entry.origin === origin).some((entry) => inside.includes(entry));
  return {
    mayEnd,
    isInside,
    judge(purpose, destination) {
      const entries = entriesFor(purpose, (entry) => covers(entry, destination));
      if (entries.length === 0 && limitOf(purpose) !== undefined)
        throw addressRefused(purpose === "model" ? "model_urls" : "allowed_urls");
      // An address inside is listed with its path: a model server may have other doors beside that of its models.
      if (entries.length === 0 && isInside(purpose, destination)) throw addressRefused("inside");
      if (entries.length === 0 && destination.url && otherProtocols.has(destination.port))
        throw addressRefused("port");
      if (needTls.has(purpose) && destination.protocol !== "https:" && !isThisMachine(destination.host))
        throw addressRefused("https");
      // A literal address is looked up nowhere, so it is judged here too: before secrets are put in.
      if (isIP(destination.host) !== 0 && !mayEnd(purpose, destination)(destination.host))
        throw addressRefused("inside");
    },
  };
}

/** Of addresses inside: a literal one and this machine by its name mean what they say; any other name leads where a resolver says. */
function mayEndInside(entries: readonly Entry[], address: string): boolean {
  const kind = kindOfAddress(address);
  return entries.some(({ host, mayBePrivate }) => {
    if (isIP(host) !== 0) return true;
    return host === "localhost" ? kind === "loopback" : mayBePrivate && kind === "private";
  });
}

const isThisMachine = (host: string): boolean => host === "localhost" || kindOfAddress(host) === "loopback";

function entryOf(url: string, more: Pick<Entry, "purpose" | "mayBePrivate">): Entry {
  const { protocol, hostname, port } = new URL(url);
  const { origin, host, path } = /^https?:$/.test(protocol)
    ? judgeUrl(url)
    : judgeSocket(protocol, hostname.replace(/^\[|\]$/g, ""), Number(port) || (usualPorts[protocol] ?? 0));
  return { origin, host, path, ...more };
}

const usualPorts: Readonly<Record<string, number>> = {
  "imap:": 143,
  "imaps:": 993,
  "syslog+tls:": 6514,
  "syslog+tcp:": 601,
  "syslog+udp:": 514,
};

/** A listed address covers what lies below its path. */
const covers = ({ origin, path }: Entry, destination: Destination): boolean =>
  destination.origin === origin &&
  (destination.path === path || destination.path.startsWith(path.replace(/\/*$/, "/")));
