import { drawQr, type QrLook } from "./draw-qr.ts";
import { writePng } from "./png.ts";
import { linkOf } from "./vault-entries.ts";

/** Thirty common appearances of a QR code. Each holds a link of its own. */
const looks: readonly (readonly [name: string, look: QrLook])[] = [
  ["plain", {}],
  ["turned by 5", { degrees: 5, margin: 10 }],
  ["turned by 17", { degrees: 17, margin: 10 }],
  ["turned by 33", { degrees: 33 }],
  ["turned by 45", { degrees: 45 }],
  ["turned by 90", { degrees: 90 }],
  ["upside down", { degrees: 180 }],
  ["turned by 251", { degrees: 251 }],
  ["low contrast", { dark: 110, light: 150 }],
  ["lower contrast", { dark: 200, light: 222 }],
  ["low contrast in the dark", { dark: 30, light: 52 }],
  ["low contrast and turned", { dark: 120, light: 150, degrees: 21 }],
  ["dark page", { dark: 255, light: 0 }],
  ["dark page in greys", { dark: 225, light: 32, margin: 30 }],
  ["dark page and low contrast", { dark: 78, light: 44 }],
  ["dark page and turned", { dark: 235, light: 24, degrees: 38 }],
  ["logo", { logo: 0.22, correction: "high" }],
  ["large logo", { logo: 0.32, correction: "high" }],
  ["logo and turned", { logo: 0.25, correction: "high", degrees: 12 }],
  ["logo on a dark page", { logo: 0.25, correction: "high", dark: 240, light: 20 }],
  ["tiny", { scale: 1 }],
  ["small", { scale: 2 }],
  ["small and turned", { scale: 3, degrees: 28 }],
  ["large", { scale: 32 }],
  ["noise in the margin", { margin: 60, marginNoise: 255 }],
  ["no quiet around it", { quiet: 1 }],
  ["noise everywhere", { noise: 110, scale: 8 }],
  ["coarse JPEG", { jpeg: 40, scale: 5 }],
  ["coarse JPEG of a dark page", { jpeg: 50, scale: 7, dark: 240, light: 30, degrees: 4 }],
  ["screen at an angle under a lamp", { slant: 0.18, shade: 120, dark: 60, light: 190, margin: 20 }],
];

export interface QrImage {
  readonly name: string;
  readonly text: string;
  readonly png: Buffer;
}

export const qrImages = (): QrImage[] =>
  looks.map(([name, look]) => {
    const text = linkOf("ACME Co", name);
    return { name, text, png: writePng(drawQr(text, look)) };
  });
