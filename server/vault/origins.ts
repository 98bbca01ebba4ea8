import { parse } from "tldts";
import { mostOrigins, originOf, originPatterns } from "../../plugin/origin.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";

/**
 * Under a public suffix everybody registers names: a secret of `*.github.io` would go to each of them. The list has two
 * parts, and both count: registries (co.uk), and companies that give names away (github.io, vercel.app).
 */
const publicSuffix = { allowPrivateDomains: true } as const;

/** A name such as `intranet` is in no part: the library takes the last label of what it does not know for a suffix. */
function isSuffix(hostname: string, { known }: { readonly known: boolean }): boolean {
  const read = parse(hostname, publicSuffix);
  return read.publicSuffix === hostname && (!known || read.isIcann === true || read.isPrivate === true);
}

/** What is wrong with an origin by the public suffix list, in a sentence that does not repeat it. */
function suffixProblem(origin: string): string | undefined {
  const hostname = new URL(origin.replace("//*.", "//")).hostname;
  if (!origin.includes("//*."))
    return isSuffix(hostname, { known: true })
      ? "Names a public suffix, which is no site: add the name before it."
      : undefined;
  // Some rules begin one level lower (*.kawasaki.jp): there each subdomain is a suffix itself.
  return [hostname, `0-0.${hostname}`].some((name) => isSuffix(name, { known: false }))
    ? "Stands before a public suffix, under which strangers have sites: name the site's own domain."
    : undefined;
}

/**
 * Origins in their normal form; refused with the name of the field. Every way into the vault comes through here,
 * whatever a schema before it has checked.
 */
export function readOrigins(origins: readonly string[], field = "origins"): string[] {
  const read = parseInput(originPatterns, origins, field);
  const fields = read.flatMap((origin, index) => {
    const problem = suffixProblem(origin);
    return problem === undefined ? [] : [{ field: `${field}.${index}`, problem }];
  });
  const [first] = fields;
  if (first) throw new PluginError("INPUT_INVALID", { message: first.problem, fields });
  return read;
}

/** Names of fields that hold a login page or the address of an API, without their marks and in lower case. */
const addressFields = new Set([
  "url",
  "urls",
  "uri",
  "uris",
  "website",
  "websites",
  "loginurl",
  "loginuri",
  "loginpage",
  "signinurl",
  "baseurl",
  "endpoint",
]);

/**
 * The origins of the addresses that are stored in a credential's data, as exports of password managers and forms name
 * them. What has none, such as the id of an app, is left out, and so is a public suffix.
 */
export function originsIn(data: Readonly<Record<string, unknown>>): string[] {
  const addresses = Object.entries(data).flatMap(([name, value]) =>
    addressFields.has(name.toLowerCase().replaceAll(/[^a-z]/g, "")) ? addressesIn(value) : [],
  );
  return originsOf(addresses);
}

export function originsOf(addresses: readonly string[]): string[] {
  const found = new Set<string>();
  for (const address of addresses) {
    const origin = originOf(address);
    if (origin !== undefined && suffixProblem(origin) === undefined) found.add(origin);
  }
  return [...found].slice(0, mostOrigins);
}

function addressesIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.slice(0, 100).flatMap(addressesIn);
  if (typeof value !== "object" || value === null) return [];
  const { uri, url } = value as { uri?: unknown; url?: unknown };
  return [uri, url].filter((text) => typeof text === "string");
}
