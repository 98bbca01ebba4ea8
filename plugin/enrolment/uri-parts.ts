import { cleanName } from "./clean-text.ts";

/** The parts of a pasted link. `label` is decoded; parameters are raw, by lower-case name. */
interface UriParts {
  /** The word in the place of a host: totp, hotp, offline. Lower case. */
  readonly type: string;
  readonly label: string;
  readonly parameters: ReadonlyMap<string, readonly string[]>;
}

/**
 * Splits `scheme://type/label?name=value&…`. `URL` is not used: it refuses or changes much of what people paste (blanks,
 * bare percent signs, no slashes), and its errors repeat the link. Line breaks and tabs inside are removed, as browsers do; `&amp;`, `\u0026` and `\/` come from page sources and JSON.
 */
export function splitUri(text: string): UriParts {
  const uri = text
    .replace(/[\r\n\t]/g, "")
    .replaceAll("&amp;", "&")
    .replaceAll("\\u0026", "&")
    .replaceAll("\\/", "/");
  const rest = withoutSlashes(uri.slice(uri.indexOf(":") + 1));
  const question = rest.indexOf("?");
  const path = question < 0 ? rest : rest.slice(0, question);
  const [query = ""] = (question < 0 ? "" : rest.slice(question + 1)).split("#", 1);
  const slash = path.indexOf("/");
  return {
    type: (slash < 0 ? path : path.slice(0, slash)).toLowerCase(),
    label: slash < 0 ? "" : decodePercent(withoutSlashes(path.slice(slash))),
    parameters: splitQuery(query),
  };
}

function splitQuery(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const name = decodePercent(equals < 0 ? pair : pair.slice(0, equals))
      .trim()
      .toLowerCase();
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    if (value === "") continue;
    const known = parameters.get(name);
    if (known === undefined) parameters.set(name, [value]);
    else if (!known.includes(value) && known.length < 2) known.push(value);
  }
  return parameters;
}

function withoutSlashes(text: string): string {
  let start = 0;
  while (text.charAt(start) === "/") start++;
  return text.slice(start);
}

/**
 * Percent decoding that keeps what is not an escape, such as the sign in "100%".
 *
 * @example decodePercent("100% ACME%20Co") // "100% ACME Co"
 */
export const decodePercent = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });

/**
 * A parameter's value: `+` is a blank, as forms write it, except at the end, where a blank would mean
 * nothing and the sign does ("Disney+").
 */
export function decodeValue(value: string): string {
  let end = value.length;
  while (end > 0 && value.charAt(end - 1) === "+") end--;
  return decodePercent(value.slice(0, end).replaceAll("+", " ") + value.slice(end));
}

/** `differs`: the label named another issuer than the parameter. */
interface LabelReading {
  readonly issuer: string | null;
  readonly account: string | null;
  readonly differs: boolean;
}

/**
 * Issuer and account of a decoded key URI label. An issuer given on its own wins over one in the label
 * (Key Uri Format, "Issuer"); they count as the same when only case, or `+` for a blank, tells them apart.
 *
 * @example readLabel("ACME: alice", null) // { issuer: "ACME", account: "alice", differs: false }
 */
export function readLabel(text: string, issuerParameter: string | null): LabelReading {
  const label = cleanName(text) ?? "";
  const issuer = issuerParameter === null ? null : cleanName(issuerParameter);
  // Neither part should have a colon. Where the issuer has one, this still finds where it ends.
  if (issuer !== null && label.startsWith(`${issuer}:`)) {
    return { issuer, account: cleanName(label.slice(issuer.length + 1)), differs: false };
  }
  const colon = label.indexOf(":");
  const prefix = colon < 0 ? null : cleanName(label.slice(0, colon));
  return {
    issuer: issuer ?? prefix,
    account: cleanName(label.slice(colon + 1)),
    differs: issuer !== null && prefix !== null && comparable(issuer) !== comparable(prefix),
  };
}

const comparable = (issuer: string): string => issuer.replaceAll("+", " ").trim().toLowerCase();
