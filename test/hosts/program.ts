import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

interface Options {
  readonly folder: string;
  /** Of our own environment it gets the PATH, no more. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Program {
  /** Everything it has printed: for a failure's message, and to look for what must not be in a log. */
  readonly output: () => string;
  /** Resolves with its exit code when it has ended. */
  readonly ended: Promise<number | null>;
  /** Asks it to end and waits; one that does not end in time is killed with all it started. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
// Each is a group of its own, with what it starts, and would outlive a run that is cut short.
process.on("exit", () => {
  for (const child of running) signal(child, "SIGKILL");
});
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => process.exit(130));

export function runProgram(command: string, args: readonly string[], { folder, env }: Options): Program {
  const child = spawn(command, [...args], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder, LANG: "C.UTF-8", ...env },
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return typeof code === "number" ? code : null;
  });
  return {
    output: () => output,
    ended,
    stop: async () => {
      signal(child, "SIGTERM");
      const killer = setTimeout(() => signal(child, "SIGKILL"), 15_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Runs a program and waits until it answers 200 at `readyAt`, or as `isReady` wants it. */
export async function startProgram(
  command: string,
  args: readonly string[],
  {
    readyAt,
    isReady = ({ ok }) => ok,
    ...options
  }: Options & { readonly readyAt: string; readonly isReady?: (answer: Response) => boolean },
): Promise<Program> {
  const program = runProgram(command, args, options);
  const given = new AbortController();
  const over = program.ended.then(() => given.abort());
  const deadline = AbortSignal.any([given.signal, AbortSignal.timeout(180_000)]);
  while (!(await answers(readyAt, isReady, deadline))) {
    if (deadline.aborted) {
      await program.stop();
      throw new Error(`It did not get ready. Its last output:\n${program.output().slice(-3000)}`);
    }
    await Promise.race([pause(250), over]);
  }
  return program;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || !running.has(child)) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

async function answers(
  url: string,
  isReady: (answer: Response) => boolean,
  until: AbortSignal,
): Promise<boolean> {
  try {
    return isReady(await fetch(url, { signal: AbortSignal.any([until, AbortSignal.timeout(5000)]) }));
  } catch {
    return false;
  }
}
