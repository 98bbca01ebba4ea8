/**
 * What a rule says of a claim: the exact text, or one with `*`. A `*` stands for one or more characters other than `/`
 * and `:`, which part the segments of names: `repo:acme/*` is each repository of acme, and no branch of one. A segment
 * has at most one `*`.
 *
 * @example matchesPattern("refs/heads/*", "refs/heads/main") // true
 * @example matchesPattern("refs/heads/*", "refs/heads/feature/x") // false
 */
export function matchesPattern(pattern: string, value: string): boolean {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(value);
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => matchesSegment(segment, given[index] ?? ""))
  );
}

/** The segments and what stands between them. */
const segmentsOf = (text: string): string[] => text.split(/([/:])/);

function matchesSegment(segment: string, value: string): boolean {
  const star = segment.indexOf("*");
  if (star === -1) return segment === value;
  const [before, after] = [segment.slice(0, star), segment.slice(star + 1)];
  return value.length >= segment.length && value.startsWith(before) && value.endsWith(after);
}

/** Why this is no pattern, in a sentence. */
export const problemOfPattern = (pattern: string): string | undefined =>
  segmentsOf(pattern).some((segment) => segment.split("*").length > 2)
    ? "Use at most one * between two / or :."
    : undefined;

/**
 * The values of a claim as texts. A name names a claim; one that begins with `/` is a path through the claims (a JSON
 * pointer, RFC 6901). A list has all its entries; an object has none.
 *
 * @example claimValues({ "kubernetes.io": { namespace: "prod" } }, "/kubernetes.io/namespace") // ["prod"]
 */
export function claimValues(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const names = claim.startsWith("/")
    ? claim
        .slice(1)
        .split("/")
        .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
    : [claim];
  let found: unknown = claims;
  for (const name of names) {
    if (typeof found !== "object" || found === null || Array.isArray(found) || !Object.hasOwn(found, name))
      return [];
    found = (found as Record<string, unknown>)[name];
  }
  return [found].flat().flatMap((value) => (isText(value) ? [String(value)] : []));
}

const isText = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);
