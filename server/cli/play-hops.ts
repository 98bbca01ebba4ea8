import { asPluginError } from "../../plugin/plugin-error.ts";

export interface Hop {
  readonly name: string;
  readonly play: () => Promise<unknown>;
  /** The refusal that is the right answer; absent where the hop must succeed. */
  readonly refusedWith?: string;
}

/** Plays hop after hop and writes a line for each, with its time. Ends at the first that does not go as it must: 0 is success. */
export async function playHops(hops: readonly Hop[], write: (line: string) => void): Promise<number> {
  for (const hop of hops) {
    const start = performance.now();
    const outcome = await hop.play().then(
      () => "done",
      (error: unknown) => asPluginError(error).code,
    );
    const right = outcome === (hop.refusedWith ?? "done");
    const milliseconds = (performance.now() - start).toFixed(1).padStart(7);
    write(`${right ? "ok  " : "FAIL"} ${milliseconds} ms  ${hop.name}${right ? "" : ` (${outcome})`}\n`);
    if (!right) return 1;
  }
  write("The chain holds.\n");
  return 0;
}
