import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { OpenedAnswer } from "../egress/open-request.ts";
import { mapStrings } from "../redaction/hide-secrets.ts";
import { mask, plainMask } from "../redaction/mask.ts";
import type { ProxyParts } from "./proxy-parts.ts";

interface Towards {
  readonly caller: AgentUserCaller;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const ofConnection = new Set([
  "connection",
  "proxy-connection",
  "proxy-authenticate",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** They measure or sign the bytes, which change. */
const ofBytes = new Set([
  "content-length",
  "content-encoding",
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
  "etag",
  "accept-ranges",
]);
const decoders = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Gives the answer to the program, without what its agent was given the use of. */
export async function passAnswer(
  { door }: ProxyParts,
  { caller, request, response }: Towards,
  { status, headers, body }: OpenedAnswer,
): Promise<void> {
  const hide = door.hiderFor(caller);
  const type = String(headers["content-type"] ?? "");
  const hidden = door.streamFor(caller, type);
  const hasNoBody = request.method === "HEAD" || status === 204 || status === 304;
  const encodings = hasNoBody ? [] : encodingsOf(headers["content-encoding"], body);
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || ofConnection.has(name) || (!hasNoBody && ofBytes.has(name))
      ? []
      : [[name, mapStrings(hide(value), inHeader)] as const],
  );
  response.writeHead(status, Object.fromEntries(sent));
  if (hasNoBody) {
    body.resume();
    return void response.end();
  }
  // What breaks on the way ends the connection, so that no program takes half an answer for a whole one.
  await pipeline([body, ...encodings, hidden, response]).catch(() => response.destroy());
}

const inHeader = (text: string): string => text.replaceAll(mask, plainMask);

/** Undoes how the body is packed, the last first. A server packs also where it was asked not to. */
function encodingsOf(header: string | string[] | undefined, body: Readable) {
  const names = String(header ?? "identity")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "identity" && name !== "");
  return names.toReversed().map((name) => {
    if (!Object.hasOwn(decoders, name)) {
      body.destroy();
      throw new PluginError("UPSTREAM_FAILED", {
        message: "The other server packs its answer in a way that the proxy cannot look into.",
      });
    }
    return decoders[name as keyof typeof decoders]();
  });
}
