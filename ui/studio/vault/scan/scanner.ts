import type { ScanAnswer } from "./scan-worker.ts";

/** The browser's own reader, where it has one; not part of TypeScript's library. */
interface NativeDetector {
  detect(image: ImageBitmap): Promise<readonly { readonly rawValue: string }[]>;
}
declare const BarcodeDetector: (new (options: { formats: string[] }) => NativeDetector) | undefined;

export interface Scanner {
  /** The text of the QR code in a picture; throws a sentence for people where there is none. */
  readonly read: (file: Blob) => Promise<string>;
  readonly close: () => void;
}

/**
 * Reads QR codes here in the browser: a picture of a secret goes nowhere. Its worker is loaded when it is
 * created, so that reading a picture sends no request at all.
 */
export function createScanner(): Scanner {
  const worker = new Worker(new URL("./scan-worker.ts", import.meta.url), { type: "module" });
  let lastId = 0;
  const scan = (bitmap: ImageBitmap): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const settled = new AbortController();
      const { signal } = settled;
      worker.addEventListener(
        "message",
        ({ data }: MessageEvent<ScanAnswer>) => {
          if (data.id !== id) return;
          settled.abort();
          resolve(data.text);
        },
        { signal },
      );
      worker.addEventListener(
        "error",
        () => {
          settled.abort();
          reject(new Error("This browser cannot read QR codes. Paste the setup key instead."));
        },
        { signal },
      );
      worker.postMessage({ id, bitmap }, [bitmap]);
    });
  return {
    close: () => worker.terminate(),
    read: async (file) => {
      const bitmap = await createImageBitmap(file).catch(() => {
        throw new Error("The browser cannot open this image. Use a PNG, JPEG or WebP.");
      });
      const text = (await readNatively(bitmap)) ?? (await scan(bitmap));
      if (text === undefined)
        throw new Error("No QR code was found in this image. Crop it closer, or paste the setup key.");
      return text;
    },
  };
}

async function readNatively(bitmap: ImageBitmap): Promise<string | undefined> {
  if (typeof BarcodeDetector === "undefined") return undefined;
  try {
    const [found] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(bitmap);
    return found?.rawValue || undefined;
  } catch {
    return undefined;
  }
}
