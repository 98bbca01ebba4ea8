import { normalise } from "../../redaction/normalise.ts";
import { decodeEntities } from "./html-entities.ts";
import { firstLook, type KnownStyles, type Look, lookOf } from "./html-style.ts";
import { readTag } from "./html-tags.ts";
import { SeenText } from "./seen-text.ts";

/**
 * What a person sees of an HTML mail: its text, where it is large or bold, and its links. Scripts, styles,
 * comments, attributes and hidden elements are not seen, so nothing in them can be a code.
 */
export type SeenHtml = { text: string; emphasised: [number, number][]; links: SeenLink[] };
export type SeenLink = { url: string; start: number; end: number };

const unseen = new Set([
  "script",
  "style",
  "head",
  "title",
  "template",
  "noscript",
  "svg",
  "object",
  "iframe",
  "textarea",
  "select",
]);
const alone = new Set([
  "br",
  "hr",
  "img",
  "input",
  "meta",
  "link",
  "area",
  "base",
  "col",
  "embed",
  "source",
  "track",
  "wbr",
]);
const inline = new Set([
  "a",
  "abbr",
  "b",
  "bdi",
  "bdo",
  "big",
  "cite",
  "code",
  "em",
  "font",
  "i",
  "img",
  "kbd",
  "label",
  "mark",
  "q",
  "s",
  "samp",
  "small",
  "span",
  "strong",
  "sub",
  "sup",
  "tt",
  "u",
  "var",
  "wbr",
  "ins",
  "del",
]);
const paragraphs = new Set(["p", "table", "h1", "h2", "h3", "h4", "h5", "h6"]);
/** A new one of these ends the one before, closed or not. */
const ending = new Set(["p", "li", "tr", "td", "th", "dt", "dd", "option"]);

/** Deeper than any mail; what is nested further keeps the look it has there. */
const deepest = 200;
const mostMarks = 200;

export function seeHtml(html: string, mostText: number): SeenHtml {
  const text = new SeenText();
  const emphasised: [number, number][] = [];
  const links: SeenLink[] = [];
  const styles: KnownStyles = new Map();
  const stack: { name: string; look: Look; link?: SeenLink }[] = [];
  const look = () => stack.at(-1)?.look ?? firstLook;
  const show = (raw: string) => {
    const { hidden, emphasised: strong } = look();
    if (hidden) return;
    // No more than could still be kept, however long the run is.
    const part = raw.slice(0, (mostText - text.length) * 4).replace(/\s+/g, " ");
    const place = text.add(normalise(decodeEntities(part)).replace(/\s+/g, " "));
    if (strong && place && emphasised.length < mostMarks) emphasised.push(place);
  };
  const close = (index: number) => {
    for (const { link } of stack.splice(index)) if (link) link.end = Math.max(link.start, text.length);
  };
  for (let at = 0; at < html.length && text.length < mostText; ) {
    const open = html.indexOf("<", at);
    if (open < 0) {
      show(html.slice(at));
      break;
    }
    if (open > at) show(html.slice(at, open));
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    if (html[open + 1] === "!" || html[open + 1] === "?") {
      const end = html.indexOf(">", open);
      at = end < 0 ? html.length : end + 1;
      continue;
    }
    const tag = readTag(html, open);
    if (!tag) {
      const next = html.indexOf("<", open + 1);
      show(html.slice(open, next < 0 ? html.length : next));
      at = next < 0 ? html.length : next;
      continue;
    }
    at = tag.end;
    const { name, closing, attributes } = tag;
    if (unseen.has(name) && !closing) {
      const search = new RegExp(`</${name}`, "gi");
      search.lastIndex = at;
      at = search.exec(html)?.index ?? html.length;
      continue;
    }
    if (name === "td" || name === "th") text.space();
    else if (paragraphs.has(name)) text.paragraph();
    else if (!inline.has(name)) text.line();
    if (closing) {
      const index = stack.findLastIndex((element) => element.name === name);
      if (index >= 0) close(index);
      continue;
    }
    if (ending.has(name) && stack.at(-1)?.name === name) close(stack.length - 1);
    if (alone.has(name) || stack.length >= deepest) continue;
    const element: (typeof stack)[number] = { name, look: lookOf(name, attributes, look(), styles) };
    const href = name === "a" && !element.look.hidden ? attributes.get("href")?.trim() : undefined;
    if (href && links.length < mostMarks) {
      element.link = { url: href, start: text.next, end: text.next };
      links.push(element.link);
    }
    stack.push(element);
  }
  close(0);
  return { text: text.toString().slice(0, mostText), emphasised, links };
}

/** Whether a text is HTML although it came as plain text. */
export function looksLikeHtml(text: string): boolean {
  return /<(?:!doctype|html|body|table|div|p|br|span|a|td|h1|b|strong)\b[^<>]{0,2000}>/i.test(
    text.slice(0, 20_000),
  );
}
