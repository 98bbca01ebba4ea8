import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Resolve } from "../door/placeholders.ts";
import { bodyKindOf, putIntoText } from "../door/put-in.ts";

/** A body that is looked into: whole and short enough. Others are passed on as they come, untouched. */
interface WholeBody {
  readonly bytes: Buffer;
  readonly type: string;
}
type Body = WholeBody | Readable | undefined;

/** The most of a body, in bytes, that is looked into. */
const longest = 2 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Body> {
  const { headers } = request;
  const length = headers["content-length"];
  if (length === "0" || (length === undefined && headers["transfer-encoding"] === undefined))
    return undefined;
  const type = headers["content-type"] ?? "";
  const isEncoded = (headers["content-encoding"] ?? "identity").toLowerCase() !== "identity";
  if (bodyKindOf(type) === undefined || isEncoded || Number(length) > longest) return request;
  const parts: Buffer[] = [];
  let bytes = 0;
  const rest = request.iterator({ destroyOnReturn: false });
  for await (const part of rest) {
    parts.push(part);
    bytes += part.length;
    if (bytes > longest) return Readable.from(joined(parts, request), { objectMode: false });
  }
  return { bytes: Buffer.concat(parts), type };
}

async function* joined(parts: readonly Buffer[], rest: AsyncIterable<Buffer>) {
  yield* parts;
  yield* rest;
}

/** The body with values put in; the very same bytes where it names none. */
export function putIntoBody(body: Body, resolve: Resolve): Buffer | Readable | undefined {
  if (body === undefined || body instanceof Readable) return body;
  const { bytes, type } = body;
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes);
  // A form with a picture in it is no UTF-8: then each byte is a letter, of the values too.
  const letters = isText ? text : bytes.toString("latin1");
  if (!/vault|totem/i.test(letters)) return bytes;
  const filled = putIntoText(letters, type, (placeholder) => {
    const value = resolve(placeholder);
    return isText ? value : Buffer.from(value).toString("latin1");
  });
  return filled === letters ? bytes : Buffer.from(filled, isText ? "utf8" : "latin1");
}
