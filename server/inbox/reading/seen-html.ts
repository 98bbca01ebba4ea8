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
/** Not shown, and only their own end tag leaves them. */
const closed = names("script style title template noscript object iframe textarea select noembed noframes");
/** Not shown either, but a browser also leaves them at the end tag of an element around them. */
const foreign = names("svg math");
/** HTML inside of foreign elements. Only its own end tag leaves it. */
const islands = names("desc title foreignobject annotation-xml");
const isUnseen = (name: string) => name === "head" || closed.has(name) || foreign.has(name);
const alone = names("br hr img input meta link area base col embed source track wbr");
const inline = names(
  "a abbr b bdi bdo big cite code em font i img kbd label mark q s samp small span strong sub sup tt u var wbr ins del",
);
const paragraphs = names("p table h1 h2 h3 h4 h5 h6");
/** A new one of these ends the one before, closed or not. */
const ending = names("p li tr td th dt dd option");
/** Any other element ends the head of the page, closed or not. */
const inHead = names("base link meta title style script noscript template");
const blocks = names(
  "address applet article aside blockquote button caption center colgroup dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main marquee menu nav object ol p plaintext pre search section summary table tbody td tfoot th thead tr ul xmp",
);
const tableParts = names("caption colgroup table tbody td tfoot th thead tr");
const formatting = names("a b big code em font form i nobr s small strike strong tt u");
const none = names("");
const scope = names("applet caption marquee table td th");
const pScope = new Set([...scope, "button"]);
const liScope = new Set([...scope, "ol", "ul"]);
const tableScope = names("table");
const leavesAll = names("template select noscript head svg math");

/** The elements in which a browser stays when it reads the end tag of an element around them. */
function scopeOf(name: string): ReadonlySet<string> {
  if (leavesAll.has(name)) return none;
  if (name === "p") return pScope;
  if (name === "li") return liScope;
  if (tableParts.has(name)) return tableScope;
  return blocks.has(name) && name !== "form" ? scope : blocks;
}

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
  const open = (isSelfClosing: boolean) => {
    page.open(tag, attributes, isSelfClosing);
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
      onopentagend: () => open(false),
      onselfclosingtag: () => open(true),
      onclosetag: (start, end) => page.close(nameAt(start, end)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
      isInForeignContext: () => page.isForeign,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return page.end();
}

interface Element {
  /** Empty once its end tag was read while blocks inside it stay open. */
  name: string;
  readonly look: Look;
  readonly seen: boolean;
  /** Only its own end tag leaves it. */
  readonly isClosed: boolean;
  /** What is inside follows the rules of SVG and MathML. */
  readonly isForeign: boolean;
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
  /** How many elements of a name are open below `deepest`. */
  readonly #deeper = new Map<string, number>();
  /** The end tags that are ignored as long as this element is open, so that each is looked up once. */
  readonly #ignored = new Map<string, { index: number; holder: Element }>();
  #pending = "";

  constructor(mostText: number) {
    this.#mostText = mostText;
  }

  get isFull(): boolean {
    return this.#text.length >= this.#mostText || this.#styles.areTooMany;
  }

  get isForeign(): boolean {
    return this.#stack.at(-1)?.isForeign === true;
  }

  write(text: string): void {
    if (this.#stack.at(-1)?.name === "head" && /\S/.test(text)) this.#popTo(this.#stack.length - 1);
    if (this.#stack.at(-1)?.seen === false) return;
    // No more than the rest of the limit, also for a long run.
    const room = (this.#mostText - this.#text.length) * 4 - this.#pending.length;
    this.#pending += text.length > room ? text.slice(0, Math.max(room, 0)) : text;
  }

  open(name: string, attributes: LookAttributes & { href?: string }, isSelfClosing: boolean): void {
    this.#flush();
    const last = this.#stack.at(-1);
    if (
      (ending.has(name) && last?.name === name && this.#deeper.size === 0) ||
      (last?.name === "head" && !inHead.has(name))
    )
      this.#popTo(this.#stack.length - 1);
    const { look: around = firstLook, isForeign: isInForeign = false } = this.#stack.at(-1) ?? {};
    if (!around.gone && !isUnseen(name)) this.#gap(name);
    if (alone.has(name) || (isSelfClosing && (isInForeign || foreign.has(name)))) return;
    const look = isUnseen(name) ? { ...around, gone: true } : this.#styles.lookOf(name, attributes, around);
    const seen = isSeen(look);
    // Below the deepest level only one more is kept, so that nothing inside it is seen.
    if (this.#stack.length > deepest || (this.#stack.length === deepest && seen)) {
      this.#deeper.set(name, (this.#deeper.get(name) ?? 0) + 1);
      return;
    }
    const url = name === "a" && seen ? attributes.href?.trim() : undefined;
    const link =
      url && this.#links.length < mostMarks
        ? { url, start: this.#text.next, end: this.#text.next }
        : undefined;
    if (link) this.#links.push(link);
    const isIsland = isInForeign && islands.has(name);
    const isForeign = foreign.has(name) || (isInForeign && !isIsland);
    this.#stack.push({ name, look, seen, isClosed: isIsland || closed.has(name), isForeign, link });
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    this.#ignored.delete(name);
  }

  close(name: string): void {
    this.#flush();
    // What follows the end of the page still belongs to what is open.
    if (name !== "body" && name !== "html") this.#leave(name);
    if (!this.#stack.at(-1)?.look.gone) this.#gap(name);
  }

  #leave(name: string): void {
    const deeper = this.#deeper.get(name);
    if (deeper === 1) this.#deeper.delete(name);
    else if (deeper) this.#deeper.set(name, deeper - 1);
    if (deeper || !this.#open.get(name)) return;
    const last = this.#stack.at(-1);
    if (this.#stack.length > deepest && (last?.name !== name || this.#deeper.size > 0)) return;
    const known = this.#ignored.get(name);
    if (known?.holder.name && this.#stack[known.index] === known.holder && last?.seen === false) return;
    const holders = scopeOf(name);
    const isFormatting = formatting.has(name);
    // Outside of a table a browser ignores the tags of cells.
    const isWithoutTable = tableParts.has(name) && !this.#open.get("table");
    let isHeld = false;
    let barrier = -1;
    let isUnseenInside = false;
    let index = this.#stack.length - 1;
    for (; index >= 0 && (barrier < 0 || !isUnseenInside); index--) {
      const element = this.#stack[index] as Element;
      if (element.name === name) break;
      isUnseenInside ||= !element.seen;
      isHeld ||= element.isClosed || holders.has(element.name);
      if (barrier < 0 && (element.isClosed || (isFormatting ? scope.has(element.name) : isHeld)))
        barrier = index;
    }
    const target = this.#stack[index];
    const isFound = target?.name === name;
    if (isFound && isWithoutTable && isUnseenInside && target.seen) barrier = index + 1;
    else if (isFound && (!isHeld || (!isUnseenInside && target.seen))) this.#popTo(index);
    // The blocks inside of formatting stay open at its end.
    else if (isFound && barrier < 0) this.#takeOut(target);
    const holder = this.#stack[barrier];
    if (holder) this.#ignored.set(name, { index: barrier, holder });
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
    this.#deeper.clear();
    while (this.#stack.length > index || this.#stack.at(-1)?.name === "") {
      this.#takeOut(this.#stack.pop() as Element);
    }
  }

  #takeOut(element: Element): void {
    if (element.name === "") return;
    this.#open.set(element.name, (this.#open.get(element.name) ?? 1) - 1);
    if (element.link) element.link.end = Math.max(element.link.start, this.#text.length);
    element.name = "";
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
