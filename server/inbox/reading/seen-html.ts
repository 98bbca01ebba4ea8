import { Tokenizer } from "htmlparser2";
import { normalise } from "../../redaction/normalise.ts";
import { firstLook, isSeen, type Look, type LookAttributes, Styles } from "./html-style.ts";

/**
 * What a person sees of an HTML mail: its text, where it is large or bold, and its links. Scripts, styles,
 * comments, attributes and hidden elements are not seen, so nothing in them can be a code.
 */
export interface SeenHtml {
  readonly text: string;
  readonly emphasised: readonly [start: number, end: number][];
  readonly links: readonly SeenLink[];
  /** The mail has more than is examined. */
  readonly cut: boolean;
}
export interface SeenLink {
  readonly url: string;
  readonly start: number;
  readonly end: number;
}

const names = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const unseen = names("script style head title template noscript svg object iframe textarea select");
const alone = names("br hr img input meta link area base col embed source track wbr");
const inline = names(
  "a abbr b bdi bdo big cite code em font i img kbd label mark q s samp small span strong sub sup tt u var wbr ins del",
);
const paragraphs = names("p table h1 h2 h3 h4 h5 h6");
/** A new one of these ends the one before, closed or not. */
const ending = names("p li tr td th dt dd option");
/** Any other element ends the head of the page, closed or not. */
const inHead = names("base link meta title style script noscript template");
const telling = names("style color bgcolor hidden href");

/** Deeper than any mail. Elements below this depth have the look of this depth. */
const deepest = 200;
const mostMarks = 200;
const longestName = 40;
const longestValue = 5_000;

/**
 * Reads the HTML once, from its beginning, until there is enough text. Of htmlparser2 only the tokenizer is used: the
 * parser looks through all open elements at every tag, which takes the square of the length for nested elements.
 */
export function seeHtml(html: string, mostText: number): SeenHtml {
  const page = new Page(mostText);
  let tag = "";
  let attributes: Record<string, string> = {};
  let attribute = "";
  let value = "";
  const nameAt = (start: number, end: number) =>
    html.slice(start, Math.min(end, start + longestName)).toLowerCase();
  const open = () => {
    page.open(tag, attributes);
    if (page.isFull) tokenizer.pause();
  };
  const ignore = () => {};
  const tokenizer: Tokenizer = new Tokenizer(
    {},
    {
      ontext: (start, end) => page.write(html.slice(start, end)),
      ontextentity: (codePoint) => page.write(String.fromCodePoint(codePoint)),
      onopentagname: (start, end) => {
        tag = nameAt(start, end);
        attributes = {};
      },
      onattribname: (start, end) => {
        attribute = nameAt(start, end);
        value = "";
      },
      onattribdata: (start, end) => {
        value += html.slice(start, Math.min(end, start + longestValue));
      },
      onattribentity: (codePoint) => {
        value += String.fromCodePoint(codePoint);
      },
      onattribend: () => {
        // Of two with one name the first counts.
        if (telling.has(attribute)) attributes[attribute] ??= value.slice(0, longestValue);
      },
      onopentagend: open,
      onselfclosingtag: open,
      onclosetag: (start, end) => page.close(nameAt(start, end)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return page.end();
}

interface Element {
  readonly name: string;
  readonly look: Look;
  readonly seen: boolean;
  readonly link: { url: string; start: number; end: number } | undefined;
}

/** The elements that are open, and the text that was seen so far. */
class Page {
  readonly #mostText: number;
  readonly #text = new SeenText();
  readonly #emphasised: [number, number][] = [];
  readonly #links: SeenLink[] = [];
  readonly #styles = new Styles();
  readonly #stack: Element[] = [];
  /** How many elements of a name are open, so that a stray end tag costs nothing. */
  readonly #open = new Map<string, number>();
  #pending = "";

  constructor(mostText: number) {
    this.#mostText = mostText;
  }

  get isFull(): boolean {
    return this.#text.length >= this.#mostText || this.#styles.areTooMany;
  }

  write(text: string): void {
    const inside = this.#stack.at(-1);
    if (inside?.seen === false && (inside.name !== "head" || !/\S/.test(text))) return;
    if (inside?.name === "head") this.#popTo(this.#stack.length - 1);
    // No more than the rest of the limit, also for a long run.
    const room = (this.#mostText - this.#text.length) * 4 - this.#pending.length;
    this.#pending += text.length > room ? text.slice(0, Math.max(room, 0)) : text;
  }

  open(name: string, attributes: LookAttributes & { href?: string }): void {
    this.#flush();
    const last = this.#stack.at(-1);
    if ((ending.has(name) && last?.name === name) || (last?.name === "head" && !inHead.has(name)))
      this.#popTo(this.#stack.length - 1);
    const around = this.#stack.at(-1)?.look ?? firstLook;
    if (!around.gone && !unseen.has(name)) this.#gap(name);
    if (alone.has(name) || this.#stack.length >= deepest) return;
    const look = unseen.has(name) ? { ...around, gone: true } : this.#styles.lookOf(name, attributes, around);
    const seen = isSeen(look);
    const url = name === "a" && seen ? attributes.href?.trim() : undefined;
    const link =
      url && this.#links.length < mostMarks
        ? { url, start: this.#text.next, end: this.#text.next }
        : undefined;
    if (link) this.#links.push(link);
    this.#stack.push({ name, look, seen, link });
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
  }

  close(name: string): void {
    this.#flush();
    if (this.#open.get(name)) this.#popTo(this.#stack.findLastIndex((element) => element.name === name));
    if (!this.#stack.at(-1)?.look.gone) this.#gap(name);
  }

  end(): SeenHtml {
    this.#flush();
    this.#popTo(0);
    return {
      text: this.#text.toString().slice(0, this.#mostText),
      emphasised: this.#emphasised,
      links: this.#links,
      cut: this.isFull,
    };
  }

  #gap(name: string): void {
    if (name === "td" || name === "th") this.#text.space();
    else if (paragraphs.has(name)) this.#text.paragraph();
    else if (!inline.has(name)) this.#text.line();
  }

  #flush(): void {
    if (this.#pending === "") return;
    const place = this.#text.add(normalise(this.#pending).replace(/\s+/g, " "));
    this.#pending = "";
    const emphasised = this.#stack.at(-1)?.look.emphasised;
    if (emphasised && place && this.#emphasised.length < mostMarks) this.#emphasised.push(place);
  }

  #popTo(index: number): void {
    while (this.#stack.length > index) {
      const { name, link } = this.#stack.pop() as Element;
      this.#open.set(name, (this.#open.get(name) ?? 1) - 1);
      if (link) link.end = Math.max(link.start, this.#text.length);
    }
  }
}

/** Puts text together the way a page shows it: one space between words, one line break between blocks. */
class SeenText {
  readonly #parts: string[] = [];
  #length = 0;
  #gap: "" | " " | "\n" | "\n\n" = "";

  get length(): number {
    return this.#length;
  }

  /** The position of the next words, or a little before it if more space follows. */
  get next(): number {
    return this.#length === 0 ? 0 : this.#length + this.#gap.length;
  }

  space(): void {
    this.#gap ||= " ";
  }

  line(): void {
    if (this.#gap !== "\n\n") this.#gap = "\n";
  }

  paragraph(): void {
    this.#gap = "\n\n";
  }

  /** Adds words whose spaces are single. Returns their position. */
  add(words: string): [start: number, end: number] | undefined {
    if (words.startsWith(" ")) this.space();
    const trimmed = words.trim();
    if (!trimmed) return undefined;
    const start = this.next;
    if (this.#length > 0) this.#parts.push(this.#gap);
    this.#parts.push(trimmed);
    this.#length = start + trimmed.length;
    this.#gap = words.endsWith(" ") ? " " : "";
    return [start, this.#length];
  }

  toString(): string {
    return this.#parts.join("");
  }
}

/** Whether a text is HTML although it came as plain text. */
export function looksLikeHtml(text: string): boolean {
  return /<(?:!doctype|html|body|table|div|p|br|span|a|td|h1|b|strong)\b[^<>]{0,2000}>/i.test(
    text.slice(0, 20_000),
  );
}
