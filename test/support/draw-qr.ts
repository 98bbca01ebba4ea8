import encodeQR, { type ErrorCorrection } from "qr";
import { blocky } from "./jpeg-noise.ts";
import type { Grey } from "./png.ts";

/** How a code is drawn: as on pages, photographs and slides. */
export interface QrLook {
  /** Pixels of a module. */
  readonly scale?: number;
  /** Modules of the quiet zone around it. The standard requires 4. */
  readonly quiet?: number;
  /** Pixels of other content around that. */
  readonly margin?: number;
  readonly degrees?: number;
  readonly dark?: number;
  readonly light?: number;
  /** The largest error of each pixel, in greys. */
  readonly noise?: number;
  /** The same, outside of the code only. */
  readonly marginNoise?: number;
  /** The share of its width that a disc in the middle covers. */
  readonly logo?: number;
  readonly correction?: ErrorCorrection;
  /** How coarse its JPEG is: about 10 is good and 80 is bad. */
  readonly jpeg?: number;
  /** The change in greys from one side to the other, as from a lamp. */
  readonly shade?: number;
  /** How much narrower its top is, as on a slanted screen: 0 to 1. */
  readonly slant?: number;
}

/** Draws a code without any part of the reader: samples four points of every pixel and finds where on the code each point is. */
export function drawQr(text: string, look: QrLook = {}): Grey {
  const { scale = 6, quiet = 4, margin = 0, degrees = 0, correction = "medium", slant = 0 } = look;
  const modules = encodeQR(text, "raw", { ecc: correction, border: quiet });
  const count = modules.length;
  const turn = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  const side = Math.ceil(count * scale * (Math.abs(sine) + Math.abs(cosine)) + 2 * margin);
  const random = seeded(count * 31 + side);
  const data = new Uint8ClampedArray(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (const [dx, dy] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const) {
        const [fromX, fromY] = [x + dx - side / 2, y + dy - side / 2];
        const v = (cosine * fromY - sine * fromX) / scale;
        const narrow = 1 - slant * (0.5 - v / count);
        sum += greyAt(modules, (cosine * fromX + sine * fromY) / scale / narrow, v, look, random);
      }
      const lamp = (look.shade ?? 0) * (x / side - 0.5);
      data[y * side + x] = sum / 4 + lamp + (look.noise ?? 0) * (random() - 0.5);
    }
  const picture = { width: side, height: side, data };
  return look.jpeg === undefined ? picture : blocky(picture, look.jpeg);
}

/** `u` and `v` in modules, counted from the middle. */
function greyAt(modules: boolean[][], u: number, v: number, look: QrLook, random: () => number): number {
  const { dark = 0, light = 255, logo = 0, marginNoise = 0 } = look;
  const half = modules.length / 2;
  const from = Math.hypot(u, v) / half;
  if (from < logo) return from < logo * 0.8 ? (dark + light) / 2 : light;
  const module = modules[Math.floor(v + half)]?.[Math.floor(u + half)];
  if (module === undefined) return light + marginNoise * (random() - 0.5) * 2;
  return module ? dark : light;
}

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
