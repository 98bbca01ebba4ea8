/** Whether an element is seen: what is hidden from people is no part of the message. */
export type Look = { hidden: boolean; color: string; background: string; emphasised: boolean };

export const firstLook: Look = { hidden: false, color: "#000000", background: "#ffffff", emphasised: false };

const strong = new Set(["b", "strong", "h1", "h2", "h3", "code", "kbd", "th", "big"]);
const colorNames: Record<string, string> = { white: "#ffffff", black: "#000000" };

function color(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const known = colorNames[value];
  if (known) return known;
  if (/^#[0-9a-f]{3}$/.test(value)) return value.replace(/[0-9a-f]/g, "$&$&");
  const rgb = /^rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(value);
  if (rgb)
    return `#${rgb
      .slice(1, 4)
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("")}`;
  return value;
}

/** Styles already taken apart: a mail repeats the same few in thousands of cells. */
export type KnownStyles = Map<string, Map<string, string>>;

function declarations(style: string, known: KnownStyles): Map<string, string> {
  const again = known.get(style);
  if (again) return again;
  const found = new Map<string, string>();
  if (known.size < 1_000) known.set(style, found);
  for (const part of style.slice(0, 4000).toLowerCase().split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0)
      found.set(part.slice(0, colon).trim(), part.slice(colon + 1).replace(/\s|!important/g, ""));
  }
  return found;
}

const isZero = (value: string | undefined) =>
  value !== undefined && /^0*\.?0+(?:px|pt|em|rem|%)?$/.test(value);

/** The attributes that say how something looks. */
const telling = ["style", "color", "bgcolor", "hidden"];

/** The look of an element inside one with the look `around`. */
export function lookOf(
  name: string,
  attributes: Map<string, string>,
  around: Look,
  known: KnownStyles,
): Look {
  if (!telling.some((key) => attributes.has(key)))
    return around.emphasised || !strong.has(name) ? around : { ...around, emphasised: true };
  const style = declarations(attributes.get("style") ?? "", known);
  const size = Number.parseFloat(style.get("font-size") ?? "");
  const background = color(
    style.get("background-color") ?? style.get("background") ?? attributes.get("bgcolor")?.toLowerCase(),
  );
  const look = {
    color: color(style.get("color") ?? attributes.get("color")?.toLowerCase()) ?? around.color,
    background: background ?? around.background,
    emphasised:
      around.emphasised ||
      strong.has(name) ||
      (style.get("font-size")?.endsWith("px") === true && size >= 20) ||
      Number(style.get("font-weight")) >= 600 ||
      style.get("font-weight") === "bold" ||
      style.has("letter-spacing"),
  };
  const hidden =
    attributes.has("hidden") ||
    style.get("display") === "none" ||
    style.get("visibility") === "hidden" ||
    style.get("mso-hide") === "all" ||
    isZero(style.get("font-size")) ||
    isZero(style.get("opacity")) ||
    isZero(style.get("max-height")) ||
    isZero(style.get("max-width")) ||
    (isZero(style.get("height")) && style.get("overflow") === "hidden") ||
    style.get("color") === "transparent" ||
    look.color === look.background;
  // A child cannot show itself again, except from "visibility", which mails do not use that way.
  return { ...look, hidden: around.hidden || hidden };
}
