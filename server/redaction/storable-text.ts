import { PluginError } from "../../plugin/plugin-error.ts";

/** PostgreSQL's refusals of NUL and of half a surrogate pair: untranslatable character, bad byte sequence. */
const refused = new Set(["22P05", "22021"]);

/** Text that the database cannot hold is the sender's mistake: the error for it, if that is what went wrong. */
export const asUnstorableText = (error: unknown): PluginError | undefined =>
  error instanceof Error && "code" in error && refused.has(String(error.code))
    ? new PluginError("INPUT_INVALID", {
        message: "The text contains a character that cannot be stored.",
        cause: error,
      })
    : undefined;

/** Runs a statement that stores text from outside. */
export async function storingText<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw asUnstorableText(error) ?? error;
  }
}
