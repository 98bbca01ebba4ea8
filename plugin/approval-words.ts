import type { Role } from "./roles.ts";

interface Answerers {
  readonly roles: readonly Role[];
  readonly needed: number;
  /** The names of the people who may answer, without those who do not count. */
  readonly names: readonly string[];
  /** How many of them hold one of the roles. */
  readonly byName: boolean;
}

const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const inWords = (number: number): string => numbers[number] ?? String(number);
const plural = (name: Role): string => `${name}s`;
const article = (name: Role): string => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`);

/**
 * Whom a question waits for.
 *
 * @example waitsFor({ roles: ["operator"], needed: 1, names: ["Ada", "Ben"], byName: false }) // "Waits for one of two operators"
 */
export function waitsFor({ roles, needed, names, byName }: Answerers): string {
  const [only] = roles;
  const many = names.length;
  if (many < needed) {
    const wanted = byName || !only ? "a person" : roles.map(article).join(" or ");
    return needed === 1
      ? `Waits for ${wanted}, and there is none who may answer`
      : `Waits for two ${byName || roles.length !== 1 || !only ? "people" : plural(only)}, and only ${inWords(many)} may answer`;
  }
  if (byName && many === 1) return `Waits for ${names[0]}`;
  if (byName && many <= 3)
    return needed === many
      ? `Waits for ${names.join(" and ")}`
      : `Waits for ${inWords(needed)} of ${names.join(", ")}`;
  const kind = byName || roles.length !== 1 || !only ? "people" : plural(only);
  if (many === 1) return `Waits for ${only ? article(only) : "one person"}`;
  return needed === many
    ? `Waits for ${inWords(needed)} ${kind}`
    : `Waits for ${inWords(needed)} of ${inWords(many)} ${kind}`;
}
