import { domainToASCII } from "node:url";
import type { MessageAuthentication } from "../inbox/delivery.ts";
import { hostOf, soleAuthor } from "./mail-address.ts";
import type { MailHeaders } from "./mail-headers.ts";

/** What a server in front of ours found, in its own words (RFC 8601 section 2.2). */
export type StatedResults = Omit<MessageAuthentication, "by">;

/** The parts between semicolons, without comments, which may nest, and without the quotes. */
function statements(value: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < value.length; index += 1) {
    const sign = value[index] ?? "";
    const last = parts.length - 1;
    if (sign === "\\" && (quoted || depth > 0)) {
      index += 1;
      if (depth === 0) parts[last] += value[index] ?? "";
    } else if (sign === '"' && depth === 0) quoted = !quoted;
    else if (quoted) parts[last] += sign;
    else if (sign === "(") depth += 1;
    else if (sign === ")" && depth > 0) depth -= 1;
    else if (depth > 0) continue;
    else if (sign === ";") parts.push("");
    else parts[last] += sign;
  }
  return parts.map((part) => part.trim());
}

/** `dkim=pass`, also `dkim/1 = pass`; what follows is not needed here. */
const methodAndResult = /^(spf|dkim|dmarc)(?:\s*\/\s*\d+)?\s*=\s*([a-z]{1,20})(?![a-z0-9-])/i;

/** Whether the DMARC result is about this author; some servers name the domain above it that publishes the policy. */
function isAbout(part: string, author: string | undefined): boolean {
  const [, named] = /\sheader\.from\s*=\s*(\S{1,320})/i.exec(part) ?? [];
  if (named === undefined || author === undefined) return named === undefined;
  const asked = domainToASCII(hostOf(named)).toLowerCase();
  return asked !== "" && `.${hostOf(author)}`.endsWith(`.${asked}`);
}

function resultsIn(parts: readonly string[], author: string | undefined): StatedResults {
  const found: Record<"spf" | "dkim" | "dmarc", string | null> = { spf: null, dkim: null, dmarc: null };
  for (const part of parts) {
    const match = methodAndResult.exec(part);
    if (!match) continue;
    const method = match[1]?.toLowerCase() as keyof typeof found;
    const stated = match[2]?.toLowerCase() ?? null;
    const result = method === "dmarc" && !isAbout(part, author) ? "permerror" : stated;
    // A message may bear several signatures; one that holds is enough (RFC 6376 section 6.1).
    if (found[method] === null || (method === "dkim" && result === "pass")) found[method] = result;
  }
  return found;
}

/**
 * The topmost Authentication-Results of one of these servers, and that one only. Servers write on top, so one below may
 * have come with the message; and each server removes those that came under its own name (RFC 8601 section 5).
 * Undefined where there is none.
 */
export function statedResults(
  headers: MailHeaders,
  authservIds: readonly string[],
): StatedResults | undefined {
  for (const { name, value } of headers.fields) {
    if (name !== "authentication-results") continue;
    const [who = "", ...parts] = statements(value);
    // A version may follow the name.
    if (authservIds.includes((who.split(/\s/)[0] ?? "").toLowerCase()))
      return resultsIn(parts, soleAuthor(headers));
  }
  return undefined;
}
