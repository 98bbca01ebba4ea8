import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";
import { localhostCertificate, localhostKey } from "./localhost-certificate.ts";
import { createNotice } from "./notice.ts";

const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes webhooks and OTLP. What it answers is asked for each request; a promise makes the sender wait. */
export async function startHttpReceiver(
  answer: (
    request: ReceivedRequest,
  ) => Promise<number | readonly [number, string]> | number | readonly [number, string] = () => 204,
) {
  const notice = createNotice();
  const requests: ReceivedRequest[] = [];
  const server = createHttpServer((request, response) => {
    void (async () => {
      const received = { path: request.url ?? "", headers: request.headers, body: await text(request) };
      requests.push(received);
      notice.happened();
      const [status, body] = [await answer(received)].flat() as [number, string?];
      response.writeHead(status).end(body);
      notice.happened();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${portOf(server)}`, requests, until: notice.until };
}

/** Takes syslog over TCP or TLS, counts octets as RFC 6587 says, and closes when the sender has. */
export async function startSyslogReceiver({ tls = false, resets = false } = {}) {
  const notice = createNotice();
  const messages: string[] = [];
  const onSocket = (socket: Socket): void => {
    socket.on("error", () => {});
    if (resets) return void socket.once("data", () => socket.resetAndDestroy());
    let rest = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        const space = rest.indexOf(" ");
        const length = Number(rest.subarray(0, Math.max(space, 0)).toString("latin1"));
        if (space < 1 || rest.length < space + 1 + length) break;
        messages.push(rest.subarray(space + 1, space + 1 + length).toString("utf8"));
        rest = rest.subarray(space + 1 + length);
      }
      notice.happened();
    });
  };
  const server = tls
    ? createTlsServer({ key: localhostKey, cert: localhostCertificate }, onSocket)
    : createServer(onSocket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: portOf(server), messages, until: notice.until };
}

/** Takes syslog over UDP: a datagram is a message. */
export async function startDatagramReceiver() {
  const notice = createNotice();
  const messages: string[] = [];
  const socket = createSocket("udp4", (bytes) => {
    messages.push(bytes.toString("utf8"));
    notice.happened();
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { port: socket.address().port, messages, until: notice.until };
}
