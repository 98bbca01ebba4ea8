import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import type { ProxyLog } from "./proxy-parts.ts";

/** A refusal as the program gets it: a code to branch on and a sentence to read. */
function bodyOf(error: PluginError): string {
  const { code, message, retryable, retryAfterSeconds, details } = error;
  return JSON.stringify({
    code,
    message,
    retryable,
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(details === undefined ? {} : { details }),
  });
}

const headersOf = (error: PluginError): Record<string, string> => ({
  "content-type": "application/json",
  "cache-control": "no-store",
  // So that a program can tell our refusal from an answer of the other server.
  "x-totem-refusal": error.code,
  ...(error.code === "PROXY_CREDENTIAL_NEEDED" ? { "proxy-authenticate": 'Basic realm="Totem"' } : {}),
  ...(error.retryAfterSeconds === undefined ? {} : { "retry-after": String(error.retryAfterSeconds) }),
});

/** Our own mistakes go to the log; a program gets no more than their code. */
export function known(thrown: unknown, log: ProxyLog): PluginError {
  const error = asPluginError(thrown);
  if (error.code === "INTERNAL") log.warn({ err: error.cause }, "a proxied request failed");
  return error;
}

export function answerRefusal(response: ServerResponse, error: PluginError): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const body = bodyOf(error);
  response.writeHead(error.status, { ...headersOf(error), "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** The same on a socket that speaks no HTTP yet, or no more. */
export function refuseSocket(socket: Duplex, error: PluginError): void {
  const body = bodyOf(error);
  const head = Object.entries({
    ...headersOf(error),
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? "Refused"}`;
  socket.end(`${[status, ...head].join("\r\n")}\r\n\r\n${body}`);
}

export const webSocketRefused = () =>
  new PluginError("PROXY_REFUSED", {
    message: "The proxy puts no secrets into WebSocket connections. Connect to that host without the proxy.",
  });
