import { PluginError } from "../../plugin/plugin-error.ts";
import { hasPlaceholder, type Resolve, replacePlaceholders } from "./placeholders.ts";

/**
 * Puts values into the parts of a request, each encoded for its place, so that no value can end its place and begin
 * another. What is not touched by a placeholder stays byte for byte as it was.
 */

const misplaced = (message: string): PluginError => new PluginError("SECRET_MISPLACED", { message });

/** The text with its placeholders replaced by what `encode` makes of their values. */
const put = (text: string, resolve: Resolve, encode: (value: string) => string): string =>
  hasPlaceholder(text) ? replacePlaceholders(text, (found) => encode(resolve(found))) : text;

/** Everything of an address before its query: no secret may stand there, in any spelling. */
export function refuseInAddress(url: string): void {
  const [before = "", ...after] = url.split("#");
  const address = before.split("?", 1)[0] ?? "";
  if ([address, decoded(address), ...after].some((text) => text !== undefined && hasPlaceholder(text)))
    throw misplaced(
      "A secret may stand in a header, in the query or in the body, not in the host or the path of the address.",
    );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A query or a form: the names and the values that hold a placeholder are encoded anew. */
export const putIntoPairs = (pairs: string, resolve: Resolve): string =>
  pairs
    .split("&")
    .map((pair) =>
      pair
        .split(/=(.*)/s, 2)
        .map((half) => {
          const text = decoded(half.replaceAll("+", " "));
          return text !== undefined && hasPlaceholder(text)
            ? encodeURIComponent(replacePlaceholders(text, resolve))
            : half;
        })
        .join("="),
    )
    .join("&");

/** The query with its question mark, as `URL.search` has it. */
export const putIntoSearch = (search: string, resolve: Resolve): string =>
  search === "" ? "" : `?${putIntoPairs(search.slice(1), resolve)}`;

/** One header. `Basic` credentials are encoded here; a client may also have encoded the placeholders itself. */
export function putIntoHeader(name: string, text: string, resolve: Resolve): string {
  if (hasPlaceholder(name)) throw misplaced("A secret may be the value of a header, not its name.");
  const [, scheme = "", credentials = ""] = /^(basic\s+)(.*)$/is.exec(text) ?? [];
  if (/^(proxy-)?authorization$/i.test(name) && scheme !== "") {
    const clear = Buffer.from(credentials, "base64").toString();
    const pair = hasPlaceholder(credentials) ? credentials : hasPlaceholder(clear) ? clear : undefined;
    if (pair !== undefined) return `${scheme}${Buffer.from(putIntoLogin(pair, resolve)).toString("base64")}`;
  }
  return put(text, resolve, (value) => {
    if (!/^[\t\x20-\x7e]*$/.test(value))
      throw misplaced("This secret has a character that a header cannot hold. Put it into the body.");
    if (/^cookie$/i.test(name) && /[;,\s]/.test(value))
      throw misplaced("This secret has a character that a cookie cannot hold. Put it into the body.");
    return value;
  });
}

/** `user:password`. A colon in the first half would end it. */
function putIntoLogin(pair: string, resolve: Resolve): string {
  const [user = "", password] = splitLogin(pair);
  const name = put(user, resolve, (value) => {
    if (value.includes(":")) throw misplaced("A user name with a colon cannot stand in Basic credentials.");
    return value;
  });
  return password === undefined ? name : `${name}:${put(password, resolve, (value) => value)}`;
}

/** At the first colon that is not inside a placeholder: handles and names may hold colons. */
function splitLogin(pair: string): readonly [string, string?] {
  const hidden = pair.replace(/\{\{[^}]*\}\}|totem:[a-z]+:/gu, (found) => "_".repeat(found.length));
  const at = hidden.indexOf(":");
  return at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** A JSON value: its texts, not the names of its fields. It is written as JSON later, which encodes them. */
export function putIntoJson<T>(value: T, resolve: Resolve): T {
  const map = (part: unknown): unknown => {
    if (typeof part === "string") return put(part, resolve, (text) => text);
    if (Array.isArray(part)) return part.map(map);
    if (typeof part === "object" && part !== null)
      return Object.fromEntries(
        Object.entries(part).map(([key, item]) => {
          if (hasPlaceholder(key)) throw asName();
          return [key, map(item)];
        }),
      );
    return part;
  };
  return map(value) as T;
}

const asName = () => misplaced("A secret may be a value in JSON, not the name of a field.");

/** JSON as text: only the strings that hold a placeholder are written anew, so that numbers stay exact. */
export function putIntoJsonText(text: string, resolve: Resolve): string {
  let outside = "";
  let end = 0;
  const filled = text.replace(/"(?:[^"\\]|\\.)*"/gs, (literal, at: number) => {
    outside += text.slice(end, at);
    end = at + literal.length;
    const string = parsedString(literal);
    if (string === undefined || !hasPlaceholder(string)) return literal;
    if (/^\s*:/.test(text.slice(end, end + 50))) throw asName();
    return JSON.stringify(replacePlaceholders(string, resolve));
  });
  if (hasPlaceholder(outside + text.slice(end)))
    throw misplaced("Put the secret inside a string of the JSON.");
  return filled;
}

function parsedString(literal: string): string | undefined {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}

/** How a body is written, by its type; undefined where nothing may be put in. */
type BodyKind = "json" | "form" | "markup" | "multipart" | "text";

export function bodyKindOf(contentType: string): BodyKind | undefined {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (/[/+-]json|ndjson|jsonl|json-seq/.test(type)) return "json";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (/[/+](xml|html)$/.test(type)) return "markup";
  if (type === "multipart/form-data") return "multipart";
  return type === "text/plain" ? "text" : undefined;
}

/** A body that is text already. */
export function putIntoText(text: string, contentType: string, resolve: Resolve): string {
  const kind = bodyKindOf(contentType);
  if (kind === "json") return putIntoJsonText(text, resolve);
  if (kind === "form") return putIntoPairs(text, resolve);
  if (!hasPlaceholder(text)) return text;
  if (kind === undefined)
    throw misplaced(
      "A secret can be put into JSON, a form, XML or plain text. Send the body as one of these, with its content-type.",
    );
  if (kind === "markup") return put(text, resolve, escapeMarkup);
  if (kind === "text") return put(text, resolve, (value) => value);
  const boundary = /boundary="?([^";]+)/i.exec(contentType)?.[1]?.trim();
  return put(text, resolve, (value) => {
    if (boundary === undefined || value.includes(`--${boundary}`))
      throw misplaced("This secret cannot stand in this multipart body. Choose another boundary.");
    return value;
  });
}

const escapeMarkup = (value: string): string =>
  value.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
