import { once } from "node:events";
import type { Socket } from "node:net";
import type { StreamSetting } from "./stream-settings.ts";
import { type Batch, StreamProblem, type StreamTarget, type WaysOut } from "./stream-target.ts";
import { type SyslogOrigin, syslogMessage, withLength } from "./syslog-message.ts";

export function syslogTarget(
  { url: { protocol, hostname }, origin = "" }: StreamSetting,
  { connect, sendDatagrams }: Pick<WaysOut, "connect" | "sendDatagrams">,
  sender: SyslogOrigin,
): StreamTarget {
  const host = hostname.replace(/^\[|\]$/g, "");
  const port = Number(/\d+$/.exec(origin)?.[0]);
  const messages = (batch: Batch) => batch.map((event) => syslogMessage(event, sender));
  if (protocol === "syslog+udp:")
    return {
      // No receipt: what the network loses is lost.
      deliver: (batch) => sendDatagrams({ protocol, host, port, datagrams: messages(batch) }),
    };
  return {
    deliver: async (batch, signal) => {
      const socket = await connect({ protocol, host, port, tls: protocol === "syslog+tls:" });
      await writeAndClose(socket, Buffer.concat(messages(batch).map(withLength)), signal);
    },
  };
}

/**
 * Syslog answers nothing. But a receiver that closes its side after ours has read all that was sent, and one that was
 * killed in the middle resets the connection. So each batch has a connection of its own, and its end is the receipt.
 */
async function writeAndClose(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  try {
    socket.on("error", () => {}).resume();
    const ended = once(socket, "end", { signal });
    socket.end(bytes);
    await ended;
  } catch (cause) {
    throw new StreamProblem("The syslog server did not take all of a batch.", cause);
  } finally {
    socket.destroy();
  }
}
