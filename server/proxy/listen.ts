import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { PluginError } from "../../plugin/plugin-error.ts";
import { forward } from "./forward.ts";
import { identify, type Program } from "./identify.ts";
import { OpenConnections } from "./open-connections.ts";
import { openTunnel } from "./open-tunnel.ts";
import type { ProxyParts } from "./proxy-parts.ts";
import { answerRefusal, known, refuseSocket, webSocketRefused } from "./refusal.ts";

export interface ListeningProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** What a request inside of a connection belongs to. */
export interface Connection {
  readonly program: Program;
  /** The scheme, host and port that the program connected to. */
  readonly origin: string;
}

/** The time for the head of a request, and between two requests. */
const headMs = 30_000;

/** Takes the programs' connections. The inner server reads what is inside of the TLS that the proxy ends. */
export async function listenForPrograms(
  parts: ProxyParts,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ListeningProxy> {
  const open = new OpenConnections(parts);
  const inside = new WeakMap<object, Connection>();
  const limits = { maxHeaderSize: 32 * 1024, headersTimeout: headMs, keepAliveTimeout: headMs };

  const answer = (response: ServerResponse, work: Promise<void>): void => {
    work.catch((error) => answerRefusal(response, known(error, parts.log)));
  };
  const refuse = (socket: Duplex) => (error: unknown) => refuseSocket(socket, known(error, parts.log));
  const onUpgrade = (_request: IncomingMessage, socket: Duplex): void =>
    refuseSocket(socket, webSocketRefused());

  const inner = createServer(limits, (request, response) => {
    const connection = inside.get(request.socket);
    if (!connection) return void request.socket.destroy();
    answer(response, forward(parts, connection, { request, response }));
  });
  inner.on("upgrade", onUpgrade);

  const outer = createServer(limits, (request, response) => {
    answer(response, takePlain(parts, open, { request, response }));
  });
  outer.on("upgrade", onUpgrade);
  outer.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // A program that goes away is no error of ours.
    socket.on("error", () => socket.destroy());
    identify(parts, request)
      .then(async (program) => {
        open.add(program, socket);
        const opened = await openTunnel(parts, program, { authority: request.url ?? "", socket, head });
        if (!opened) return;
        inside.set(opened.socket, { program, origin: opened.origin });
        inner.emit("connection", opened.socket);
      })
      .catch(refuse(socket));
  });
  for (const server of [outer, inner])
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
      refuseSocket(socket, new PluginError("PROXY_REFUSED"));
    });

  await new Promise<void>((resolve, reject) => {
    outer.once("error", reject);
    outer.listen(port, host, () => {
      outer.off("error", reject);
      resolve();
    });
  });
  const { address, family, port: taken } = outer.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`,
    close: async () => {
      const closed = new Promise((resolve) => outer.close(resolve));
      open.endAll();
      outer.closeAllConnections();
      inner.closeAllConnections();
      await closed;
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Without TLS the whole address is in the request. A path alone is asked of the proxy itself. */
async function takePlain(
  parts: ProxyParts,
  open: OpenConnections,
  { request, response }: Exchange,
): Promise<void> {
  const address = request.url ?? "";
  if (address === "/ca.pem" && (request.method === "GET" || request.method === "HEAD"))
    return showCertificate(parts, { request, response });
  if (!/^http:\/\//i.test(address) || !URL.canParse(address))
    throw new PluginError("PROXY_REFUSED", {
      message:
        "This is a proxy: set it as HTTPS_PROXY and HTTP_PROXY. The certificate to trust is at /ca.pem.",
    });
  const program = await identify(parts, request);
  open.add(program, request.socket);
  await forward(parts, { program, origin: new URL(address).origin }, { request, response });
}

/** It is public. A program that says who it is gets that of its own workspace. */
async function showCertificate(parts: ProxyParts, { request, response }: Exchange): Promise<void> {
  const workspaceId =
    request.headers["proxy-authorization"] === undefined
      ? parts.defaultWorkspaceId
      : (await identify(parts, request)).caller.workspaceId;
  const { certificate } = await parts.authorities.find(workspaceId);
  response.writeHead(200, { "content-type": "application/x-pem-file" }).end(certificate);
}
