import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Purpose } from "./allow-list.ts";
import { checkedLookup } from "./checked-lookup.ts";
import type { EgressRoom } from "./egress-room.ts";
import { addressRefused, judgeSocket } from "./judge-address.ts";
import { asOutboundError, type JudgeDestination } from "./open-request.ts";
import { noteAnswer, noteFailure } from "./outbound-log.ts";

export interface SocketRequest {
  readonly purpose: Purpose;
  /** The scheme that lists name it by, such as `imaps:`. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken from the first byte. */
  readonly tls?: boolean | undefined;
  readonly judge?: JudgeDestination | undefined;
  readonly milliseconds?: number | undefined;
}

export interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

function judged(room: EgressRoom, { purpose, protocol, host, port }: SocketRequest) {
  const destination = judgeSocket(protocol, host, port);
  room.allowList.judge(purpose, destination);
  const mayEnd = room.allowList.mayEnd(purpose, destination);
  return { destination, mayEnd, lookup: checkedLookup(room.resolve, mayEnd) };
}

/** Judges an address for a library that opens its own socket. A literal address has no lookup, so it is judged here. */
export function targetOf(room: EgressRoom, request: SocketRequest): SocketTarget {
  const { purpose, port } = request;
  const note = (error: unknown, origin?: string) => noteFailure(room.log, { purpose, origin }, error);
  try {
    const { destination, lookup } = judged(room, request);
    const { host, origin } = destination;
    return {
      host,
      port,
      lookup: (name, options, callback) =>
        lookup(name, options, (error, ...found) => {
          if (error) note(asOutboundError(error), origin);
          else noteAnswer(room.log, { purpose, origin });
          callback(error, ...found);
        }),
    };
  } catch (error) {
    note(error);
    throw error;
  }
}

/** A socket that is connected, and with `tls` has its certificate checked. Its end is the caller's to watch. */
export async function connectSocket(room: EgressRoom, request: SocketRequest): Promise<Socket> {
  const { purpose, port, tls = false, judge, milliseconds = 10_000 } = request;
  let origin: string | undefined;
  try {
    const { destination, mayEnd, lookup } = judged(room, request);
    origin = destination.origin;
    await judge?.({ purpose, method: "CONNECT", destination });
    const { host } = destination;
    const options = { host, port, lookup, timeout: milliseconds };
    const socket = tls
      ? connectTls({ ...options, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connect(options);
    await opened(socket, tls ? "secureConnect" : "connect");
    if (!mayEnd(socket.remoteAddress ?? "")) {
      socket.destroy();
      throw addressRefused("inside");
    }
    socket.setTimeout(0);
    noteAnswer(room.log, { purpose, origin });
    return socket;
  } catch (cause) {
    const error = asOutboundError(cause);
    noteFailure(room.log, { purpose, origin }, error);
    throw error;
  }
}

const opened = (socket: Socket, event: "connect" | "secureConnect"): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once("timeout", () => fail(new Error("The connection took too long.")));
    socket.once("error", fail);
    socket.once(event, () => {
      socket.off("error", fail);
      resolve();
    });
  });
