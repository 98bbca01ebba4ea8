import type { WorkloadRuleBody } from "../../../../plugin/api/workload.ts";

type Conditions = WorkloadRuleBody["conditions"];

/** One condition a line: the claim, =, and what it must be. */
export const writeConditionLines = (conditions: Conditions): string =>
  conditions.map(({ claim, matches }) => `${claim} = ${matches}`).join("\n");

/**
 * Reads them, or says which line is none.
 *
 * @example readConditionLines("ref = refs/heads/main") // { conditions: [{ claim: "ref", matches: "refs/heads/main" }] }
 */
export function readConditionLines(
  text: string,
): { readonly conditions: Conditions } | { readonly problem: string } {
  const conditions: Conditions = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    const [claim, matches] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at < 1 || claim === "" || matches === "")
      return { problem: `Line ${index + 1}: write the claim, =, and what it must be.` };
    conditions.push({ claim, matches });
  }
  return conditions.length === 0
    ? { problem: "Write at least one condition: without one, every token of the issuer would get in." }
    : { conditions };
}
