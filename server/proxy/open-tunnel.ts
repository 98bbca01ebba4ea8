import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { coversOrigin } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Program } from "./identify.ts";
import type { ProxyParts } from "./proxy-parts.ts";

interface Asked {
  /** `host:port`, as the program wrote it. */
  readonly authority: string;
  readonly socket: Socket;
  readonly head: Buffer;
}

interface Opened {
  /** What is inside of the program's TLS. */
  readonly socket: Socket;
  readonly origin: string;
}

/** A tunnel that nothing passes through for so long ends. */
const idleMs = 5 * 60_000;
const handshakeMs = 10_000;
const established = "HTTP/1.1 200 Connection Established\r\n\r\n";

/**
 * A program connects to a host. Where an entry of its agent belongs there, the connection is opened here, with a
 * certificate of our authority. Otherwise it is passed through, if the operator's list names the whole host: then
 * nobody between the program and the host reads along. What the list names only in part, or not at all, is opened
 * too, so that each request is judged, and the program reads why it is refused.
 */
export async function openTunnel(
  parts: ProxyParts,
  { caller }: Program,
  { authority, socket, head }: Asked,
): Promise<Opened | undefined> {
  const target = targetOf(authority);
  const origins = await parts.vault.originsFor(caller);
  if (!coversOrigin(origins, target) && (await passThrough(parts, { caller, target, socket, head })))
    return undefined;
  socket.write(established);
  if (head.length > 0) socket.unshift(head);
  // Some programs tunnel also what has no TLS.
  if (!(await beginsTls(socket)))
    return { socket, origin: `http://${target.hostname}:${target.port || 443}` };
  return { socket: await openTls(parts, { caller, target, socket }), origin: target.origin };
}

/** Looks at the first byte, and leaves it where it is. A program that says nothing ends. */
function beginsTls(socket: Socket): Promise<boolean> {
  if (socket.destroyed) return Promise.reject(new PluginError("PROXY_REFUSED"));
  socket.setTimeout(handshakeMs, () => socket.destroy());
  return new Promise((resolve, reject) => {
    socket.once("close", () => reject(new PluginError("PROXY_REFUSED")));
    const look = () => {
      const first: Buffer | null = socket.read(1);
      if (first === null) return void socket.once("readable", look);
      socket.setTimeout(0);
      socket.unshift(first);
      resolve(first[0] === handshakeByte);
    };
    look();
  });
}

/** A record of a TLS handshake (RFC 8446, 5.1). */
const handshakeByte = 0x16;

function targetOf(authority: string): URL {
  const [, port] = /^(?:[^\s/?#@\\:[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(authority) ?? [];
  if (port === undefined || !URL.canParse(`https://${authority}`)) throw new PluginError("PROXY_REFUSED");
  return new URL(`https://${authority}`);
}

interface Tunnel {
  readonly caller: Program["caller"];
  readonly target: URL;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** Whether the host is on the list as a whole; then both ends are joined. */
async function passThrough(
  { egress, judgeFor }: ProxyParts,
  { caller, target, socket, head }: Tunnel,
): Promise<boolean> {
  let outside: Socket;
  try {
    outside = await egress.connect({
      purpose: "proxy",
      protocol: "https:",
      host: target.hostname.replace(/^\[|\]$/g, ""),
      port: Number(target.port) || 443,
      judge: judgeFor?.(caller),
    });
  } catch (error) {
    if (error instanceof PluginError && error.code === "ADDRESS_REFUSED") return false;
    throw error;
  }
  if (socket.destroyed) {
    // The program went away in the meantime.
    outside.destroy();
    throw new PluginError("PROXY_REFUSED");
  }
  for (const [one, other] of [
    [socket, outside],
    [outside, socket],
  ] as const) {
    one.setTimeout(idleMs, () => one.destroy());
    one.on("error", () => one.destroy());
    one.on("close", () => other.destroy());
  }
  socket.write(established);
  if (head.length > 0) outside.write(head);
  socket.pipe(outside).pipe(socket);
  return true;
}

/** Ends the program's TLS here. It must ask for the host that it connected to. */
async function openTls(
  { authorities }: ProxyParts,
  { caller, target, socket }: Omit<Tunnel, "head">,
): Promise<TLSSocket> {
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const context = await authorities.contextFor(caller.workspaceId, host);
  const opened = new TLSSocket(socket, {
    isServer: true,
    secureContext: context,
    ALPNProtocols: ["http/1.1"],
    SNICallback: (name, done) =>
      name.toLowerCase() === host ? done(null, context) : done(new Error("The names differ.")),
  });
  opened.on("error", () => opened.destroy());
  opened.setTimeout(handshakeMs, () => opened.destroy());
  opened.once("secure", () => opened.setTimeout(0));
  return opened;
}
