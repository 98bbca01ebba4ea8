import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Purpose } from "./allow-list.ts";
import type { EgressRoom } from "./egress-room.ts";
import { addressRefused, judgeSocket } from "./judge-address.ts";
import { asOutboundError } from "./open-request.ts";
import { noteAnswer, noteFailure } from "./outbound-log.ts";

export interface DatagramRequest {
  readonly purpose: Purpose;
  /** The scheme that lists name it by, such as `syslog+udp:`. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly datagrams: readonly Uint8Array[];
}

/** Sends datagrams to an address that was judged. There is no receipt: it only says that they have left. */
export async function sendDatagrams(room: EgressRoom, request: DatagramRequest): Promise<void> {
  const { purpose, protocol, port, datagrams } = request;
  let origin: string | undefined;
  try {
    const destination = judgeSocket(protocol, request.host, port);
    origin = destination.origin;
    room.allowList.judge(purpose, destination);
    const mayEnd = room.allowList.mayEnd(purpose, destination);
    const { host } = destination;
    const found = isIP(host) === 0 ? await room.resolve(host) : [{ address: host, family: isIP(host) }];
    if (found.some(({ address }) => !mayEnd(address))) throw addressRefused("inside");
    const [first] = found;
    if (!first) throw new PluginError("UPSTREAM_FAILED", { message: "No server has that name." });
    await send(first, port, datagrams);
    noteAnswer(room.log, { purpose, origin });
  } catch (cause) {
    const error = asOutboundError(cause);
    noteFailure(room.log, { purpose, origin }, error);
    throw error;
  }
}

async function send(
  { address, family }: { readonly address: string; readonly family: number },
  port: number,
  datagrams: readonly Uint8Array[],
): Promise<void> {
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      // Connected, so that an answer that no program listens there is heard.
      socket.connect(port, address, resolve);
    });
    for (const datagram of datagrams)
      await new Promise<void>((resolve, reject) =>
        socket.send(datagram, (error) => (error ? reject(error) : resolve())),
      );
  } finally {
    socket.close();
  }
}
