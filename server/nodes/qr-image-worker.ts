import { parentPort, workerData } from "node:worker_threads";
import { inflateSync } from "node:zlib";
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import decodeQR from "qr/decode.js";

/** A picture as it is sent to the thread that reads it. */
export interface QrImageTask {
  readonly type: "png" | "jpeg";
  readonly bytes: Uint8Array;
  /** The longest that one look at the picture may take, in milliseconds. */
  readonly lookMs: number;
}
/** What that thread answers. */
export type QrImageReading = { readonly text: string } | { readonly problem: string };

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function read({ type, bytes, lookMs }: QrImageTask): QrImageReading {
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
      return { text: decodeQR({ ...picture, data }, { timeLimit: lookMs, effort: 10 }) };
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

/** More than any screen shows a code at: a small file can hold a very large picture. */
const mostPixels = 4_000_000;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Values of a pixel by colour type (RFC 2083, section 4.1.1). */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Why a PNG is not read, or undefined. Its one header settles how much it may unpack to: a second header could say
 * something else after the look, and the passes of an interlaced picture have no such bound.
 */
function refusalOfPng(bytes: Buffer): string | undefined {
  if (!bytes.subarray(0, 8).equals(signature)) return "The picture cannot be read.";
  const chunks = chunksOf(bytes);
  const [header, ...rest] = chunks;
  if (header?.type !== "IHDR" || header.data.length !== 13) return "The picture cannot be read.";
  if (rest.some(({ type }) => type === "IHDR")) return "The picture has two headers.";
  const { data } = header;
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  if (width * height > mostPixels) return "The picture is too large.";
  if (data[12] !== 0) return "The picture is interlaced. Save it without.";
  const bitsPerPixel = (channels[data[9] ?? -1] ?? 0) * (data[8] ?? 0);
  // Each row has a byte for its filter.
  const needed = (Math.ceil((width * bitsPerPixel) / 8) + 1) * height;
  const packed = Buffer.concat(rest.filter(({ type }) => type === "IDAT").map((chunk) => chunk.data));
  try {
    inflateSync(packed, { maxOutputLength: needed });
    return undefined;
  } catch {
    return "The picture holds more than it says, or cannot be unpacked.";
  }
}

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    if (type === "IEND") break;
    at += 12 + length;
  }
  return chunks;
}

parentPort?.postMessage(read(workerData));
