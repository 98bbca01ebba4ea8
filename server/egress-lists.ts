import { isIP } from "node:net";
import { localModelServers } from "../plugin/outbound.ts";
import { readStream } from "./audit-streams/stream-settings.ts";
import type { EgressLists, PrivateUrl } from "./egress/allow-list.ts";
import { ownAddress } from "./model/language-model.ts";
import type { Settings } from "./settings.ts";

export type ListSettings = Pick<
  Settings,
  | "TOTEM_ALLOWED_URLS"
  | "TOTEM_MODEL_URLS"
  | "TOTEM_PRIVATE_URLS"
  | "TOTEM_TRANSIT_KEY"
  | "TOTEM_IMAP_URL"
  | "TOTEM_AUDIT_STREAMS"
  | "DATABASE_URL"
>;

/** What may be reached, from the operator's settings and from nothing else. */
export function egressLists(settings: ListSettings): EgressLists {
  const { TOTEM_ALLOWED_URLS, TOTEM_MODEL_URLS, TOTEM_PRIVATE_URLS } = settings;
  return {
    allowedUrls: TOTEM_ALLOWED_URLS,
    // The list is of servers that a workflow may name. The providers' own take a stored key, and nothing without one.
    modelUrls: TOTEM_MODEL_URLS.length === 0 ? [] : [...TOTEM_MODEL_URLS, ...Object.values(ownAddress)],
    privateUrls: [
      ...(TOTEM_PRIVATE_URLS ?? privateByDefault(settings)),
      ...ownMailbox(settings),
      ...ownKeys(settings),
      ...ownStreams(settings),
    ],
  };
}

/** One person's machine: models run beside Totem. A server with PostgreSQL, or with a list of models, says what it has. */
function privateByDefault({ DATABASE_URL, TOTEM_MODEL_URLS }: ListSettings): PrivateUrl[] {
  if (DATABASE_URL !== undefined || TOTEM_MODEL_URLS.length > 0) return [];
  return ["127.0.0.1", "localhost", "[::1]"].flatMap((host) =>
    localModelServers.map(({ port }): PrivateUrl => ({ purpose: "model", url: `http://${host}:${port}/v1` })),
  );
}

/** A mailbox is an address of the operator: where it is a number or this machine itself, it is meant as it stands. */
function ownMailbox({ TOTEM_IMAP_URL }: ListSettings): PrivateUrl[] {
  if (TOTEM_IMAP_URL === undefined) return [];
  const { protocol, host, hostname } = new URL(TOTEM_IMAP_URL.open());
  const isMeant = hostname === "localhost" || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  return isMeant ? [{ purpose: "mail", url: `${protocol}//${host}` }] : [];
}

/** Where the keys are wrapped is an address of the operator, and mostly one inside. */
const ownKeys = ({ TOTEM_TRANSIT_KEY: url }: ListSettings): PrivateUrl[] =>
  url === undefined ? [] : [{ purpose: "keys", url: new URL(url).origin }];

/** Where the audit log goes is an address of the operator, and often one inside. */
const ownStreams = ({ TOTEM_AUDIT_STREAMS }: ListSettings): PrivateUrl[] =>
  TOTEM_AUDIT_STREAMS.flatMap((address) => {
    const { origin } = readStream(address.open());
    return origin === undefined ? [] : [{ purpose: "log", url: origin }];
  });
