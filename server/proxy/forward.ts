import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { PluginError } from "../../plugin/plugin-error.ts";
import { toolHeader } from "../access/caller.ts";
import type { Resolve } from "../door/placeholders.ts";
import { putIntoHeader, putIntoSearch, refuseInAddress } from "../door/put-in.ts";
import { identifyAgain, type Program } from "./identify.ts";
import { passAnswer } from "./pass-answer.ts";
import type { ProxyParts } from "./proxy-parts.ts";
import { putIntoBody, readBody } from "./read-body.ts";

/** A request of a program, and the origin that it connected to. */
interface Inside {
  readonly program: Program;
  readonly origin: string;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Models answer in streams that last. */
const mostMs = 15 * 60_000;
/** The most of one answer, in bytes. */
const largestAnswer = 512 * 1024 * 1024;

/** Sends one request on: judged, with values in the places of their names, and cleaned on its way back. */
export async function forward(
  parts: ProxyParts,
  { program, origin }: Inside,
  { request, response }: Exchange,
): Promise<void> {
  const { caller } = await identifyAgain(parts, program.shown);
  const url = addressOf(request, origin);
  refuseInAddress(url);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const body = await readBody(request);
  const length = request.headers["content-length"];
  const answer = await parts.egress.open({
    purpose: "proxy",
    method: request.method ?? "GET",
    url,
    judge: parts.judgeFor?.(caller),
    milliseconds: mostMs,
    largestAnswer,
    signal: gone.signal,
    content: async ({ url: target }) => {
      if (!target) throw new PluginError("PROXY_REFUSED");
      return parts.door.fill({
        caller,
        target,
        put: (resolve) => ({
          search: putIntoSearch(target.search, resolve),
          headers: {
            ...headersOf(request.headers, resolve),
            // It comes after the program's own: this server knows what comes to it from an agent's side.
            [toolHeader]: "proxy",
            // A body that is passed on as it is keeps its length: not every server takes chunks.
            ...(body === request && length !== undefined ? { "content-length": length } : {}),
          },
          body: putIntoBody(body, resolve),
        }),
        // A code needs a moment on the wire.
        minRemaining: 3,
        signal: gone.signal,
      });
    },
  });
  await passAnswer(parts, { caller, request, response }, answer);
}

/** The whole address. The program must mean the host that it connected to. */
function addressOf({ url = "", headers }: IncomingMessage, origin: string): string {
  const home = new URL(origin);
  const isWhole = /^https?:\/\//i.test(url);
  if (!isWhole && !url.startsWith("/")) throw new PluginError("PROXY_REFUSED");
  const whole = isWhole ? url : `${origin}${url}`;
  if (!URL.canParse(whole)) throw new PluginError("PROXY_REFUSED");
  const host = headers.host ?? "";
  const named = URL.canParse(`${home.protocol}//${host}`) ? new URL(`${home.protocol}//${host}`) : undefined;
  const isSame = named?.host === home.host && named.pathname === "/" && named.search === "";
  if (!isSame || named.username !== "" || new URL(whole).origin !== home.origin)
    throw new PluginError("HOST_MISMATCH");
  return whole;
}

/** They are about one connection (RFC 9110, 7.6.1), or say how a message ends, which changes here. */
const ofConnection = new Set([
  "connection",
  "proxy-connection",
  "proxy-authorization",
  "proxy-authenticate",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
  "accept-encoding",
  // Piece by piece, a server could repeat a secret in parts that nothing recognises.
  "range",
  "if-range",
]);

function headersOf(headers: IncomingHttpHeaders, resolve: Resolve): Record<string, string> {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || ofConnection.has(name) || named.includes(name)) return [];
      const text = Array.isArray(value) ? value.join(name === "cookie" ? "; " : ", ") : value;
      return [[name, putIntoHeader(name, text, resolve)]];
    }),
  );
}
