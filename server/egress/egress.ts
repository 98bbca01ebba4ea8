import type { Socket } from "node:net";
import { createAllowList, type EgressLists, type Purpose } from "./allow-list.ts";
import { type ResolveName, resolveName } from "./checked-lookup.ts";
import { createConnections } from "./connections.ts";
import type { EgressRoom } from "./egress-room.ts";
import { type FetchLimits, fetchAtProvider, fetchThrough, type OutboundFetch } from "./fetch-through.ts";
import { type OpenedAnswer, type OpenRequest, openRequest } from "./open-request.ts";
import { connectSocket, type SocketRequest, type SocketTarget, targetOf } from "./open-socket.ts";
import type { OutboundLog } from "./outbound-log.ts";
import { type DatagramRequest, sendDatagrams } from "./send-datagrams.ts";
import { type OutboundRequest, sendOutbound } from "./send-outbound.ts";

export interface EgressParts {
  readonly lists: EgressLists;
  /** Where destination and outcome are written. */
  readonly log: OutboundLog;
  readonly resolve?: ResolveName | undefined;
}

/**
 * The one way out. Every connection is judged by its address before anything is sent, and again by every address that
 * a resolver gives when it is opened. A way out is opened for a purpose, and reaches what the lists of that purpose
 * name. What is written down is the purpose, scheme, host and port, and the outcome.
 */
export function createEgress({ lists, log, resolve = resolveName }: EgressParts) {
  const allowList = createAllowList(lists);
  const connections = createConnections({ allowList, resolve });
  const room: EgressRoom = { log, resolve, allowList, connections };
  return {
    /** One request with an answer as a stream. The most general one. */
    open: (request: OpenRequest): Promise<OpenedAnswer> => openRequest(room, request),
    /** For tools, sources and webhooks: a small JSON message and its answer. */
    sendFor: (purpose: Purpose): OutboundRequest => sendOutbound.bind(null, room, purpose),
    /** For libraries that take a `fetch`. */
    fetchFor: (purpose: Purpose, limits?: FetchLimits): OutboundFetch =>
      fetchThrough.bind(null, { room, purpose, ...limits }),
    /** The same for a provider whose documents name further addresses. */
    fetchAtProviderFor: (purpose: Purpose) => fetchAtProvider.bind(null, { room, purpose }),
    /** A connected socket, for other protocols. */
    connect: (request: SocketRequest): Promise<Socket> => connectSocket(room, request),
    /** For protocols without connections. */
    sendDatagrams: (request: DatagramRequest): Promise<void> => sendDatagrams(room, request),
    /** For libraries that open their own socket: the name to ask for, and the lookup that judges its addresses. */
    target: (request: SocketRequest): SocketTarget => targetOf(room, request),
    close: () => connections.close(),
  };
}

export type Egress = ReturnType<typeof createEgress>;
