import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { QrImageReading, QrImageTask } from "./qr-image-worker.ts";

/** A picture that takes longer was built to take long. */
const mostMs = 5_000;
/** Of that time, each look at a picture gets a fifth. */
const looks = 5;
/** Threads that read pictures, and pictures that wait for one. */
const mostAtOnce = 2;
const mostWaiting = 20;

let reading = 0;
const waiting: (() => void)[] = [];

/**
 * The text of a QR code in a `data:` URL with a PNG or JPEG picture. A thread of its own reads the picture, so that
 * other requests do not wait meanwhile.
 */
export async function readQrImage(dataUrl: string, timeLimitMs = mostMs): Promise<string> {
  const [, type, base64] = /^data:image\/(png|jpe?g);base64,([A-Za-z0-9+/=\s]+)$/i.exec(dataUrl.trim()) ?? [];
  if (type === undefined || base64 === undefined)
    throw refused("Must be a data: URL with a PNG or JPEG picture.");
  const task: QrImageTask = {
    type: type.toLowerCase() === "png" ? "png" : "jpeg",
    bytes: Buffer.from(base64, "base64"),
    lookMs: timeLimitMs / looks,
  };
  if (reading >= mostAtOnce) {
    if (waiting.length >= mostWaiting) throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 5 });
    // A read that ends gives its thread to the next: the count stays.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else reading++;
  try {
    const answer = await readInThread(task, timeLimitMs);
    if ("problem" in answer) throw refused(answer.problem);
    return answer.text;
  } finally {
    const next = waiting.shift();
    if (next) next();
    else reading--;
  }
}

async function readInThread(task: QrImageTask, timeLimitMs: number): Promise<QrImageReading> {
  const thread = new Worker(new URL(`./qr-image-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: task,
    // The thread gets none of the server's environment, which holds keys.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<QrImageReading>((resolve) => {
      timer = setTimeout(
        () => resolve({ problem: "Reading the picture takes too long. Send a smaller one." }),
        timeLimitMs,
      );
      thread.once("message", resolve);
      thread.once("error", () => resolve({ problem: "The picture cannot be read." }));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

const refused = (problem: string): PluginError =>
  new PluginError("ENROLMENT_REFUSED", {
    message: problem,
    fields: [{ field: "arguments.qr_image", problem }],
  });
