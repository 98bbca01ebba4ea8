import { PluginError } from "../../plugin/plugin-error.ts";
import { handlePattern } from "../handles/handles.ts";

/** A field of a vault entry, as a request names it: `{{vault.github.token}}`. */
export interface NamedSecret {
  readonly entry: string;
  readonly field: string;
}

/** A name as it is, or in single quotes, in which it may hold anything on one line; a quote is written twice. */
const part = String.raw`'(?:[^'\p{Cc}]|'')+'|[^.{}'"\p{Cc}]+`;
const named = new RegExp(String.raw`\{\{\s*vault\.(${part})\.(${part})\s*\}\}`, "gu");
/** Meant as a name. What does not follow the rule is refused, so that no program believes it was filled in. */
const meant = /\{\{\s*vault\b/u;
const placeholder = new RegExp(`${named.source}|${handlePattern.source}`, "gu");

/** What replaces a placeholder. */
export type Resolve = (placeholder: string) => string;

export const hasPlaceholder = (text: string): boolean => meant.test(text) || text.search(handlePattern) >= 0;

/** The text with every placeholder replaced. */
export function replacePlaceholders(text: string, resolve: Resolve): string {
  // What was put in is not looked at again: a value may hold anything.
  const rest = text.replace(placeholder, "");
  if (meant.test(rest))
    throw new PluginError("SECRET_MISPLACED", {
      message:
        "A named secret is written {{vault.<entry>.<field>}}. Put a name with dots or braces in single quotes: {{vault.'api.example.com'.token}}.",
    });
  return text.replace(placeholder, (found) => resolve(found));
}

/** The entry and the field of a placeholder; undefined of a handle. */
export function readNamedSecret(text: string): NamedSecret | undefined {
  const [, entry, field] = new RegExp(`^(?:${named.source})$`, "u").exec(text) ?? [];
  return entry === undefined || field === undefined
    ? undefined
    : { entry: unquoted(entry), field: unquoted(field) };
}

const unquoted = (text: string): string =>
  text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text.trim();
