import { PluginError } from "../../plugin/plugin-error.ts";

/** PostgreSQL's refusals of NUL and of half a surrogate pair: untranslatable character, bad byte sequence. */
const refused = new Set(["22P05", "22021"]);

/** Runs a statement that stores text from outside; text the database cannot hold is the sender's mistake. */
export async function storingText<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Error && "code" in error && refused.has(String(error.code))) {
      throw new PluginError("INPUT_INVALID", {
        message: "The text contains a character that cannot be stored.",
        cause: error,
      });
    }
    throw error;
  }
}

/** Text that any database holds: no NUL, no half of a surrogate pair. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");
