import { decodeQR } from "qr/decode.js";
import { flattened, inverted, type Pixels, stretched } from "./pixels.ts";

/** How a picture is drawn again: at most this number of pixels wide or high, turned, with space around it. */
export interface Drawing {
  readonly longest: number;
  readonly degrees: number;
  readonly margin: number;
}
export type Draw = (drawing: Drawing) => Pixels;

const looks: readonly ((pixels: Pixels) => Pixels)[] = [
  (pixels) => pixels,
  stretched,
  flattened,
  (pixels) => inverted(stretched(pixels)),
];

/** What usually works comes first; what is rarely needed and slow comes last. */
const drawings: readonly Drawing[] = [
  { longest: 1_000, degrees: 0, margin: 0 },
  { longest: 480, degrees: 0, margin: 24 },
  { longest: 2_000, degrees: 0, margin: 0 },
  { longest: 1_000, degrees: 22, margin: 40 },
  { longest: 1_000, degrees: 45, margin: 40 },
  { longest: 1_600, degrees: 67, margin: 40 },
];

export interface Budget {
  readonly now: () => number;
  readonly ms: number;
}

/** The text of the first code that is found, in the first drawing of the picture that shows it. */
export function readQr(draw: Draw, { now, ms }: Budget): string | undefined {
  const until = now() + ms;
  for (const drawing of drawings) {
    const pixels = draw(drawing);
    for (const look of looks) {
      const left = until - now();
      if (left <= 0) return undefined;
      const text = tryToRead(look(pixels), Math.min(left, 150));
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

function tryToRead(pixels: Pixels, timeLimit: number): string | undefined {
  try {
    return decodeQR(pixels, { format: "RGBA", timeLimit, effort: 3 });
  } catch {
    return undefined;
  }
}
