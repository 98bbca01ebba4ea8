import { spawn } from "node:child_process";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { RemoteCipher } from "./key-provider.ts";

export interface CommandParts {
  /** A program and its first arguments. `wrap` or `unwrap` is added as the last one. */
  readonly words: readonly string[];
  /** What the program finds in its environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly milliseconds?: number;
}

/** A wrapped key of 64 bytes has a few hundred characters in every service that we know. */
const longestAnswer = 16 * 1024;

/**
 * A program that calls a key management service. It reads one line of base64 from its standard input and writes one line of
 * base64 to its standard output. No shell reads its words, and what it prints is never logged: it may hold a key.
 */
export const commandCipher = (parts: CommandParts): RemoteCipher => ({
  name: "command",
  encrypt: async (plaintext) => {
    const answer = await run(parts, "wrap", plaintext.toString("base64"));
    // What is stored is what was printed, so it must be the one line that was promised.
    if (!isBase64.test(answer)) throw failed("must print one line of base64 for wrap");
    return answer;
  },
  decrypt: async (ciphertext) => {
    const answer = await run(parts, "unwrap", ciphertext);
    if (!isBase64.test(answer)) throw failed("must print one line of base64 for unwrap");
    return Buffer.from(answer, "base64");
  },
});

const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function run(
  { words: [program = "", ...words], environment, milliseconds = 10_000 }: CommandParts,
  verb: "wrap" | "unwrap",
  input: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, verb], {
      env: { ...environment },
      stdio: ["pipe", "pipe", "ignore"],
      timeout: milliseconds,
      killSignal: "SIGKILL",
    });
    let answer = "";
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
      if (answer.length > longestAnswer) child.kill("SIGKILL");
    });
    child.once("error", ({ cause }) => reject(failed("cannot be started", cause)));
    child.once("close", (status, signal) => {
      if (status === 0 && answer.length <= longestAnswer) resolve(answer.trim());
      else if (signal !== null) reject(failed("took too long, or printed too much"));
      else
        reject(
          failed(
            `ended with status ${status}: its key is wrong or its service is away. Run it by hand to see why`,
          ),
        );
    });
    // A program that ends without reading must not end this one.
    child.stdin.once("error", () => {});
    child.stdin.end(`${input}\n`);
  });
}

const failed = (what: string, cause?: unknown): PluginError =>
  new PluginError("KEY_PROVIDER_FAILED", {
    message: `The command of TOTEM_MASTER_KEY_COMMAND ${what}.`,
    cause,
  });
