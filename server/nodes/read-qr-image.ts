import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import decodeQR from "qr/decode.js";
import { PluginError } from "../../plugin/plugin-error.ts";

/** More than any screen shows a code at: a small file can hold a very large picture. */
const mostPixels = 16_000_000;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The text of a QR code in a `data:` URL with a PNG or JPEG picture. The picture goes nowhere. */
export function readQrImage(dataUrl: string): string {
  const [, type, base64] = /^data:image\/(png|jpe?g);base64,([A-Za-z0-9+/=\s]+)$/i.exec(dataUrl.trim()) ?? [];
  if (type === undefined || base64 === undefined)
    throw refused("Must be a data: URL with a PNG or JPEG picture.");
  const picture = pictureOf(type.toLowerCase(), Buffer.from(base64, "base64"));
  for (const data of [picture.data, inverted(picture.data)]) {
    try {
      return decodeQR({ ...picture, data }, { timeLimit: 1_000, effort: 10 });
    } catch {
      // The next way of looking at it.
    }
  }
  throw refused("No QR code was found in the picture.");
}

function pictureOf(type: string, bytes: Buffer): Picture {
  try {
    if (type === "png") {
      const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      if (width * height > mostPixels) throw refused("The picture is too large.");
      return PNG.sync.read(bytes);
    }
    return decodeJpeg(bytes, {
      useTArray: true,
      maxResolutionInMP: mostPixels / 1e6,
      maxMemoryUsageInMB: 256,
    });
  } catch (error) {
    throw error instanceof PluginError ? error : refused("The picture cannot be read.");
  }
}

/** Light on dark: pages in dark mode show codes like that. */
const inverted = (rgba: Uint8Array): Uint8Array =>
  rgba.map((value, index) => (index % 4 === 3 ? value : 255 - value));

const refused = (problem: string): PluginError =>
  new PluginError("ENROLMENT_REFUSED", {
    message: problem,
    fields: [{ field: "arguments.qr_image", problem }],
  });
