import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import { requireOwnSignature, requireSignedCall } from "../access/signed-calls.ts";

type SignedRequestParts = Parameters<typeof requireSignedCall>[0];

/**
 * Before the body is read as anything: checks the signature of an installation that signs its calls, in every way in. The
 * body is compared as the bytes that came, and those bytes are what is parsed after.
 */
export async function requireSignature(
  parts: SignedRequestParts & { readonly largestBody: number },
  request: FastifyRequest,
  payload: Readable,
): Promise<Readable> {
  const { caller } = request;
  const brings = request.routeOptions.config.access?.brings === "key_pair";
  if (caller?.kind !== "host" || !(caller.mustSign || brings)) return payload;
  const body = await readAll(payload, parts.largestBody);
  const { method, headers } = request;
  const asked = {
    caller,
    request: { method, target: request.raw.url ?? "", headers, body },
    route: `${method} ${request.routeOptions.url ?? ""}`,
  };
  if (brings) request.signedBy = await requireOwnSignature(parts, asked);
  else request.keyPairId = await requireSignedCall(parts, asked);
  return Readable.from(body.length === 0 ? [] : [body]);
}

async function readAll(payload: Readable, largest: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of payload) {
    length += (part as Buffer).length;
    if (length > largest) throw new PluginError("BODY_TOO_LARGE");
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
