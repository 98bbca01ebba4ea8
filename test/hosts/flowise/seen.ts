import type { RunResult } from "./flowise-server.ts";

export const equal = (seen: unknown, expected: unknown): void => {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new Error(`Expected ${b}, saw ${a}`);
};
/** The line that holds this. */
export const holds = (text: string, part: string): string => {
  if (!text.includes(part)) throw new Error(`Expected "${part}" in: ${text}`);
  return text.split("\n").find((line) => line.includes(part)) ?? part;
};

/** Who was verified in a run, in the order of the calls. Throws where a tool failed. */
export function verified({ status, text, usedTools }: RunResult): string[] {
  if (status !== 200) throw new Error(`The flow answered ${status}: ${text}`);
  const answers = usedTools.map(({ tool, toolOutput, error }) => {
    if (error) throw new Error(`${tool}: ${error}`);
    return { tool, ...JSON.parse(toolOutput) };
  });
  const failed = answers.find(({ success }) => success !== true);
  if (failed) throw new Error(JSON.stringify(failed));
  return answers
    .filter(({ tool, valid }) => tool === "verify_totp_code" && valid)
    .map(({ username }) => username);
}
