import { decodeEntities } from "./html-entities.ts";

export type Tag = { name: string; closing: boolean; attributes: Map<string, string>; end: number };

const space = (unit: number) => unit <= 0x20;
const equals = 0x3d;
const greater = 0x3e;
const slash = 0x2f;

/** Where a name ends: at a space or one of the stops. */
function nameEnd(text: string, from: number, one: number, two = one, three = one): number {
  let end = from;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (space(unit) || unit === one || unit === two || unit === three) break;
  }
  return end;
}

/**
 * Reads the tag at "<" the way a browser does, each character once. Undefined when it is no tag ("a < b"),
 * and at the end of the text for a tag that is never closed, which a browser does not show either.
 */
export function readTag(html: string, start: number): Tag | undefined {
  const closing = html[start + 1] === "/";
  const first = html.charCodeAt(start + (closing ? 2 : 1)) | 0x20;
  if (!(first >= 0x61 && first <= 0x7a)) return undefined;
  let at = nameEnd(html, start + (closing ? 2 : 1), greater, slash);
  const name = html.slice(start + (closing ? 2 : 1), Math.min(at, start + 40)).toLowerCase();
  const attributes = new Map<string, string>();
  while (at < html.length) {
    while (at < html.length && (space(html.charCodeAt(at)) || html[at] === "/")) at++;
    if (html[at] === ">" || at >= html.length) break;
    const keyEnd = Math.max(nameEnd(html, at, equals, greater, slash), at + 1);
    const key = html.slice(at, Math.min(keyEnd, at + 40)).toLowerCase();
    at = keyEnd;
    while (space(html.charCodeAt(at))) at++;
    let value = "";
    if (html[at] === "=") {
      at++;
      while (space(html.charCodeAt(at))) at++;
      const quote = html[at];
      if (quote === '"' || quote === "'") {
        const close = html.indexOf(quote, at + 1);
        const end = close < 0 ? html.length : close;
        value = html.slice(at + 1, end);
        at = end + 1;
      } else {
        const end = nameEnd(html, at, greater);
        value = html.slice(at, end);
        at = end;
      }
    }
    if (attributes.size < 40 && !attributes.has(key))
      attributes.set(key, value.includes("&") ? decodeEntities(value.slice(0, 5000)) : value.slice(0, 5000));
  }
  return { name, closing, attributes, end: Math.min(at + 1, html.length) };
}
