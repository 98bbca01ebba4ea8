import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

export interface TestProcess {
  /** Everything it has written to standard error. */
  readonly errors: () => string;
  /** Resolves when it prints this line. Fails if it ends first. */
  says(line: string): Promise<void>;
  /** Resolves with its exit code when it ends by itself. */
  ended(): Promise<number | null>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Runs one of our scripts as a process of its own, which ends with the test at the latest. */
export function startProcess(script: string, ...args: string[]): TestProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const lines = createInterface(child.stdout).on("line", (line) => printed.push(line));
  const kill = async (): Promise<void> => {
    if (hasEnded(child)) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(kill);
  return {
    errors: () => errors,
    says: (expected) =>
      new Promise((resolve, reject) => {
        if (printed.includes(expected)) return resolve();
        lines.on("line", (line) => line === expected && resolve());
        child.once("close", () => reject(new Error(`It ended without saying "${expected}". ${errors}`)));
      }),
    ended: async () => {
      if (!hasEnded(child)) await once(child, "close");
      return child.exitCode;
    },
    kill,
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
