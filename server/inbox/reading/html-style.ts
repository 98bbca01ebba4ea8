import { TokenType, tokenize } from "@csstools/css-tokenizer";
import { colord, extend, type RgbaColor } from "colord";
import hwbPlugin from "colord/plugins/hwb";
import namesPlugin from "colord/plugins/names";

extend([namesPlugin, hwbPlugin]);

/** How an element looks: what a person cannot see is no part of the message. */
export interface Look {
  /** No descendant can show itself again. */
  readonly gone: boolean;
  /** Descendants can show themselves again: with a font size of their own, or with `visibility`. */
  readonly tiny: boolean;
  readonly invisible: boolean;
  readonly color: RgbaColor;
  /** The colour that is painted behind the text; never transparent. */
  readonly ground: RgbaColor;
  readonly emphasised: boolean;
}

const black: RgbaColor = { r: 0, g: 0, b: 0, a: 1 };
const white: RgbaColor = { r: 255, g: 255, b: 255, a: 1 };
export const firstLook: Look = {
  gone: false,
  tiny: false,
  invisible: false,
  color: black,
  ground: white,
  emphasised: false,
};

export const isSeen = (look: Look): boolean =>
  !look.gone && !look.tiny && !look.invisible && !isSame(painted(look.color, look.ground), look.ground);

/** The attributes that say how something looks. */
export interface LookAttributes {
  readonly style?: string | undefined;
  readonly color?: string | undefined;
  readonly bgcolor?: string | undefined;
  readonly hidden?: string | undefined;
}

/** What an inline style declares of the look. */
interface Style {
  readonly gone: boolean;
  readonly invisible?: boolean | undefined;
  readonly size?: "none" | "own" | "relative" | undefined;
  readonly color?: RgbaColor | undefined;
  readonly background?: RgbaColor | undefined;
  readonly emphasised: boolean;
}

const strong = new Set(["b", "strong", "h1", "h2", "h3", "code", "kbd", "th", "big"]);

const longestStyle = 4_000;

/** Far more than a mail has, and little enough to be read within the time of one reading. */
const mostStyles = 100_000;

/** The styles of one mail, each read once: a mail repeats the same few in thousands of cells. */
export class Styles {
  readonly #known = new Map<string, Style>();
  #room = mostStyles;

  /** Whether the mail has more styles than are read. */
  get areTooMany(): boolean {
    return this.#room < 0;
  }

  /** The look of an element inside one with the look `around`. */
  lookOf(name: string, attributes: LookAttributes, around: Look): Look {
    const { style = "", color, bgcolor, hidden } = attributes;
    const emphasised = around.emphasised || strong.has(name);
    if (!style && color === undefined && bgcolor === undefined && hidden === undefined)
      return emphasised === around.emphasised ? around : { ...around, emphasised };
    const declared = this.#read(style);
    const background = declared.background ?? legacyColor(bgcolor);
    return {
      gone: around.gone || hidden !== undefined || declared.gone,
      tiny: declared.size === "none" || (around.tiny && declared.size !== "own"),
      invisible: declared.invisible ?? around.invisible,
      color: declared.color ?? legacyColor(color) ?? around.color,
      ground: background ? painted(background, around.ground) : around.ground,
      emphasised: emphasised || declared.emphasised,
    };
  }

  #read(text: string): Style {
    const known = this.#known.get(text);
    if (known) return known;
    this.#room -= text.length;
    const style = this.areTooMany ? { gone: true, emphasised: false } : styleOf(text.slice(0, longestStyle));
    if (!this.areTooMany) this.#known.set(text, style);
    return style;
  }
}

/** The size in `font: bold 16px/1.5 Arial`; a number without a unit is a weight, unless it is 0. */
const sizeInFont = /(?:^|\s)(0|[\d.]+(?:[a-z]+|%))(?=[\s/])/;

function styleOf(text: string): Style {
  const style = declarations(text);
  const size = style.get("font-size") ?? sizeInFont.exec(style.get("font") ?? "")?.[1];
  const weight = style.get("font-weight");
  return {
    gone:
      style.get("display") === "none" ||
      style.get("mso-hide") === "all" ||
      ["opacity", "max-height", "max-width"].some((name) => isZero(style.get(name))) ||
      (isZero(style.get("height")) && style.get("overflow") === "hidden"),
    invisible: { hidden: true, collapse: true, visible: false }[style.get("visibility") ?? ""],
    size: size ? sizeOf(size) : undefined,
    color: colorIn(style.get("color")),
    background: colorIn(style.get("background-color") ?? style.get("background")),
    emphasised:
      (size?.endsWith("px") === true && Number.parseFloat(size) >= 20) ||
      Number(weight) >= 600 ||
      weight === "bold" ||
      style.has("letter-spacing"),
  };
}

/** Half of no size is no size. Text inside of text without size is visible only with a size of its own. */
function sizeOf(value: string): Style["size"] {
  if (isZero(value)) return "none";
  return /%$|(?<!r)em$|ex$|ch$|^(smaller|larger|inherit|unset)$/.test(value) ? "relative" : "own";
}

const isZero = (value: string | undefined): boolean =>
  value !== undefined && /^[+-]?[\d.]+([a-z]+|%)?$/.test(value) && Number.parseFloat(value) === 0;

/** The declarations of an inline style as a browser takes them: of two for one property the last, or the important one. */
function declarations(css: string): Map<string, string> {
  const found = new Map<string, string>();
  const important = new Set<string>();
  let name = "";
  let value: string | undefined;
  let isBroken = false;
  let depth = 0;
  const end = () => {
    if (value !== undefined && !isBroken) {
      const plain = value.replace(/!\s*important\s*$/, "");
      if (plain !== value) important.add(name);
      if (plain !== value || !important.has(name)) found.set(name, plain.trim());
    }
    name = "";
    value = undefined;
    isBroken = false;
  };
  for (const [kind, raw, , , data] of tokenize({ css })) {
    const text = (kind === TokenType.Ident ? data.value : raw).toLowerCase();
    if (kind === TokenType.Comment) continue;
    if (kind === TokenType.EOF || (kind === TokenType.Semicolon && depth === 0)) end();
    else if (value !== undefined) value += text;
    else if (kind === TokenType.Colon && name) value = "";
    else if (kind === TokenType.Ident && !name) name = text;
    else if (kind !== TokenType.Whitespace) isBroken = true;
    if (kind === TokenType.Function || "([{".includes(raw)) depth++;
    else if (depth > 0 && ")]}".includes(raw)) depth--;
  }
  return found;
}

/** The word of Outlook for the usual colour of text. */
const wordColors: Readonly<Record<string, RgbaColor>> = { windowtext: black, window: white };

const mostWords = 8;

/** The first colour in a value, such as the one of `background: url(a.png) #fff no-repeat`. */
function colorIn(value: string | undefined): RgbaColor | undefined {
  let words = mostWords;
  for (const [word] of value?.matchAll(/#[0-9a-f]+|[a-z]+\([^()]*\)|[a-z]+/g) ?? []) {
    if (words-- === 0) break;
    const color = colord(word);
    if (color.isValid()) return color.rgba;
    if (wordColors[word]) return wordColors[word];
  }
  return undefined;
}

/** HTML's own attributes may leave out the "#". */
function legacyColor(value: string | undefined): RgbaColor | undefined {
  const text = value?.trim().toLowerCase().slice(0, 40);
  return text === undefined ? undefined : colorIn(/^[0-9a-f]{6}$/.test(text) ? `#${text}` : text);
}

/** A colour as it is seen on a ground. */
function painted(color: RgbaColor, ground: RgbaColor): RgbaColor {
  if (color.a >= 1) return color;
  const blend = (over: number, under: number) => over * color.a + under * (1 - color.a);
  return { r: blend(color.r, ground.r), g: blend(color.g, ground.g), b: blend(color.b, ground.b), a: 1 };
}

/** Colours that a person cannot tell apart. */
const isSame = (one: RgbaColor, other: RgbaColor): boolean =>
  Math.abs(one.r - other.r) <= 4 && Math.abs(one.g - other.g) <= 4 && Math.abs(one.b - other.b) <= 4;
