import { originPatterns } from "../../../../plugin/origin.ts";
import { splitOrigins } from "../../../../plugin/reach-words.ts";

/** What a person typed: origins, or what is wrong with the first that is none. People leave `https://` out. */
export function readOrigins(text: string): { readonly origins: string[]; readonly problem?: string } {
  const typed = splitOrigins(text).map((part) => (/^[a-z]+:\/\//i.test(part) ? part : `https://${part}`));
  const read = originPatterns.safeParse(typed);
  if (read.success) return { origins: read.data };
  const [issue] = read.error.issues;
  const line = typeof issue?.path[0] === "number" && typed.length > 1 ? `Address ${issue.path[0] + 1}: ` : "";
  return { origins: [], problem: `${line}${issue?.message ?? "This cannot be read."}` };
}
