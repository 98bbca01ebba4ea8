import type { Drawing } from "./read-qr.ts";
import { readQr } from "./read-qr.ts";

/** Looks for a QR code beside the page, so that the page stays responsive. */

/** Under what is see-through: white first, then black, for codes drawn for dark pages. */
const grounds = ["#fff", "#000"] as const;

function drawOn(bitmap: ImageBitmap, ground: string, { longest, degrees, margin }: Drawing) {
  // A small picture is enlarged too: its modules become more than a pixel or two.
  const scale = Math.min(longest / Math.max(bitmap.width, bitmap.height), 3);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const turn = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.abs(Math.sin(turn)), Math.abs(Math.cos(turn))];
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * cosine + height * sine + 2 * margin)),
    Math.max(1, Math.round(width * sine + height * cosine + 2 * margin)),
  );
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("There is no canvas to draw on.");
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(turn);
  context.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export interface ScanRequest {
  readonly id: number;
  readonly bitmap: ImageBitmap;
}
export interface ScanAnswer {
  readonly id: number;
  readonly text: string | undefined;
}

addEventListener("message", ({ data: { id, bitmap } }: MessageEvent<ScanRequest>) => {
  const budget = { now: () => performance.now(), ms: 1_000 };
  let text: string | undefined;
  for (const ground of grounds) text ??= readQr((drawing) => drawOn(bitmap, ground, drawing), budget);
  bitmap.close();
  postMessage({ id, text } satisfies ScanAnswer);
});
