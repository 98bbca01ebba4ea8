import { describe, expect, it } from "vitest";
import { flattened, inverted, type Pixels, stretched } from "../../../../ui/studio/vault/scan/pixels.ts";
import { type Drawing, readQr } from "../../../../ui/studio/vault/scan/read-qr.ts";
import { drawQr, type QrLook } from "../../../support/draw-qr.ts";

const pixelsOf = (greys: ArrayLike<number>, width: number): Pixels => ({
  width,
  height: greys.length / width,
  data: new Uint8ClampedArray(Array.from(greys).flatMap((grey) => [grey, grey, grey, 255])),
});
const greysOf = ({ data }: Pixels): number[] => Array.from(data).filter((_, at) => at % 4 === 0);
const drawn = (text: string, look: QrLook): Pixels => {
  const { data, width } = drawQr(text, look);
  return pixelsOf(data, width);
};

describe("pixels", () => {
  it("are spread over all greys, whatever few of them were there", () => {
    expect(greysOf(stretched(pixelsOf([100, 120, 140, 140], 2)))).toEqual([0, 128, 255, 255]);
    expect(greysOf(stretched(pixelsOf([90, 90], 2)))).toEqual([0, 0]);
  });

  it("are turned over, and leave a picture without its shadow", () => {
    expect(greysOf(inverted(pixelsOf([0, 200], 2)))).toEqual([255, 55]);
    const lamp = pixelsOf(
      Array.from({ length: 3_600 }, (_, at) => (at % 60) * 3),
      60,
    );
    const middle = greysOf(flattened(lamp)).filter((_, at) => at % 60 > 10 && at % 60 < 50);
    expect(Math.max(...middle) - Math.min(...middle)).toBeLessThan(10);
  });
});

describe("reading a QR code", () => {
  const clock = { now: () => 0, ms: 1 };

  it("tries other looks of a picture whose greys are too few", () => {
    const text = "otpauth://totp/ACME:bob";
    for (const look of [
      { dark: 200, light: 215 },
      { dark: 44, light: 78 },
      { dark: 60, light: 30 },
    ])
      expect(
        readQr(() => drawn(text, look), { now: () => 0, ms: 150 }),
        JSON.stringify(look),
      ).toBe(text);
  });

  it("draws it smaller, larger and turned before it gives up", () => {
    const asked: Drawing[] = [];
    const empty = pixelsOf(new Uint8Array(900), 30);
    const draw = (drawing: Drawing) => {
      asked.push(drawing);
      return empty;
    };
    expect(readQr(draw, clock)).toBeUndefined();
    expect(new Set(asked.map(({ longest }) => longest)).size).toBeGreaterThan(2);
    expect(asked.some(({ degrees }) => degrees > 0)).toBe(true);
  });

  it("stops when its time is over", () => {
    let now = 0;
    let looked = 0;
    const empty = pixelsOf(new Uint8Array(900), 30);
    const draw = () => {
      looked++;
      now += 600;
      return empty;
    };
    expect(readQr(draw, { now: () => now, ms: 1_000 })).toBeUndefined();
    expect(looked).toBe(2);
  });
});
