/** A picture as a canvas gives it: red, green, blue and opacity of every pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Rec. 601, in 256ths. */
const lumaAt = (data: Uint8ClampedArray, at: number): number =>
  (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8;

function mapLuma({ width, height, data }: Pixels, of: (luma: number, index: number) => number): Pixels {
  const out = new Uint8ClampedArray(data.length);
  for (let index = 0, at = 0; at < data.length; index++, at += 4) {
    out[at] = out[at + 1] = out[at + 2] = of(lumaAt(data, at), index);
    out[at + 3] = 255;
  }
  return { width, height, data: out };
}

/**
 * Spreads what greys there are over all of them. The hundredth part at either end is left out: a few bright
 * pixels must not decide.
 *
 * @example stretched(pixels) // greys of 120 to 150 become black to white
 */
export function stretched(pixels: Pixels): Pixels {
  const counts = new Uint32Array(256);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const luma = lumaAt(pixels.data, at);
    counts[luma] = (counts[luma] ?? 0) + 1;
  }
  const skip = pixels.data.length / 4 / 100;
  const low = firstBeyond(counts, skip, 1);
  const high = firstBeyond(counts, skip, -1);
  const scale = high > low ? 255 / (high - low) : 1;
  return mapLuma(pixels, (luma) => (luma - low) * scale);
}

/** Counts from black with step 1, from white with step -1. */
function firstBeyond(counts: Uint32Array, skip: number, step: 1 | -1): number {
  const from = step === 1 ? 0 : 255;
  let seen = 0;
  for (let luma = from; luma >= 0 && luma < 256; luma += step) {
    seen += counts[luma] ?? 0;
    if (seen > skip) return luma;
  }
  return from;
}

/** The other way round: codes on a dark page are light on dark. */
export const inverted = (pixels: Pixels): Pixels => mapLuma(pixels, (luma) => 255 - luma);

/** Every pixel against the mean of what surrounds it: shadows and logos with a gradient disappear. */
export function flattened(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const sums = sumTable(pixels);
  const reach = Math.max(4, Math.round(Math.min(width, height) / 12));
  const meanAt = (x: number, y: number) => {
    const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    const at = (column: number, row: number) => sums[row * (width + 1) + column] ?? 0;
    const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
    return sum / ((right - left) * (bottom - top));
  };
  return mapLuma(
    pixels,
    (luma, index) => 128 + 3 * (luma - meanAt(index % width, Math.floor(index / width))),
  );
}

/** The sum of all greys above and left of each corner, so that the mean of any rectangle takes four look-ups. */
function sumTable({ width, height, data }: Pixels): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += lumaAt(data, (y * width + x) * 4);
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}
