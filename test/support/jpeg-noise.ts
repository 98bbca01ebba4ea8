import type { Grey } from "./png.ts";

const size = 8;
const cosines = Array.from({ length: size }, (_, x) =>
  Array.from(
    { length: size },
    (_, u) => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1),
  ),
);

/** One pass of the cosine transform over a block, forward or back, along rows. The result is transposed. */
function pass(block: Float64Array, forward: boolean): Float64Array {
  const out = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let to = 0; to < size; to++) {
      let sum = 0;
      for (let from = 0; from < size; from++)
        sum += (block[row * size + from] ?? 0) * ((forward ? cosines[from]?.[to] : cosines[to]?.[from]) ?? 0);
      out[to * size + row] = sum / 2;
    }
  return out;
}

/** A picture as a JPEG shows it: each block of 8 × 8 pixels has its frequencies in steps, finer for the low ones. */
export function blocky({ width, height, data }: Grey, coarseness: number): Grey {
  const out = new Uint8ClampedArray(data);
  for (let top = 0; top + size <= height; top += size)
    for (let left = 0; left + size <= width; left += size) {
      const at = (index: number) => (top + Math.floor(index / size)) * width + left + (index % size);
      const block = Float64Array.from({ length: size * size }, (_, index) => (data[at(index)] ?? 0) - 128);
      const waves = pass(pass(block, true), true).map((wave, index) => {
        const step = 1 + (coarseness * (1 + (index % size) + Math.floor(index / size))) / 2;
        return Math.round(wave / step) * step;
      });
      pass(pass(waves, false), false).forEach((value, index) => {
        out[at(index)] = value + 128;
      });
    }
  return { width, height, data: out };
}
