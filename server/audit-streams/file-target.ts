import { type FileHandle, open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chainLine } from "../audit/chain-line.ts";
import type { StreamSetting } from "./stream-settings.ts";
import { StreamProblem, type StreamTarget } from "./stream-target.ts";

/**
 * Appends lines to a file, on disk before the cursor moves. It is opened for each batch: a file that was moved away by a
 * rotation gets nothing more, and a new one takes its place.
 */
export const fileTarget = ({ url }: StreamSetting): StreamTarget => ({
  deliver: async (batch) => {
    try {
      const file = await openToAppend(fileURLToPath(url));
      try {
        const beginning = (await endsInALine(file)) ? "" : "\n";
        await file.appendFile(`${beginning}${batch.map(chainLine).join("\n")}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new StreamProblem(`The file cannot be written (${code ?? "unknown"}).`, cause);
    }
  },
});

/** 0640: a program that ships logs reads them by its group. Totem's own umask would take that away. */
async function openToAppend(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "ax+", 0o640);
    await file.chmod(0o640);
    return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return open(path, "a+");
  }
}

/** A process that was killed while it wrote, or a full disk, leaves half a line: it stays alone. */
async function endsInALine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer.toString("latin1") === "\n";
}
