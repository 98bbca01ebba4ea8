import { parentPort, workerData } from "node:worker_threads";
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import decodeQR from "qr/decode.js";
import { mostPixels, refusalOfPng } from "./check-png.ts";

/** A picture as it is sent to the thread that reads it. */
export interface QrImageTask {
  readonly type: "png" | "jpeg";
  readonly bytes: Uint8Array;
}
/** What that thread answers. */
export type QrImageReading = { readonly text: string } | { readonly problem: string };

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function read({ type, bytes }: QrImageTask): QrImageReading {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problem = type === "png" ? refusalOfPng(file) : undefined;
  if (problem !== undefined) return { problem };
  let picture: Picture;
  try {
    picture = type === "png" ? PNG.sync.read(file) : readJpeg(file);
  } catch {
    return { problem: "The picture cannot be read." };
  }
  for (const data of [picture.data, inverted(picture.data)]) {
    try {
      return { text: decodeQR({ ...picture, data }, { timeLimit: 1_000, effort: 10 }) };
    } catch {
      // The next way of looking at it.
    }
  }
  return { problem: "No QR code was found in the picture." };
}

const readJpeg = (file: Buffer): Picture =>
  decodeJpeg(file, { useTArray: true, maxResolutionInMP: mostPixels / 1e6, maxMemoryUsageInMB: 256 });

/** Light on dark: pages in dark mode show codes like that. */
const inverted = (rgba: Uint8Array): Uint8Array =>
  rgba.map((value, index) => (index % 4 === 3 ? value : 255 - value));

parentPort?.postMessage(read(workerData));
