import type { z } from "zod";
import type { issuerBody } from "../../plugin/api/workload.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { keySetOf } from "./issuer-keys.ts";
import { trustDomainPattern } from "./spiffe-id.ts";
import type { WorkloadParts } from "./workload-parts.ts";

type IssuerBody = z.output<typeof issuerBody>;

/** Refuses an issuer whose tokens could never be proved: no address, no keys, or keys that are no public ones. */
export async function checkIssuer(
  { issuerKeys }: Pick<WorkloadParts, "issuerKeys">,
  body: IssuerBody,
): Promise<IssuerBody> {
  requireIssuerName(body);
  if (body.jwks && body.jwks_url !== null)
    throw notThis("jwks_url", "Give an address of keys, or the keys, not both.");
  if (body.jwks) {
    requirePublicKeys(body, body.jwks);
    return body;
  }
  if (body.kind === "spiffe" && body.jwks_url === null)
    throw notThis("jwks_url", "Give the address of the trust bundle, or paste it.");
  const field = body.jwks_url === null ? "issuer" : "jwks_url";
  const keys = await issuerKeys.fetch(body).catch((error: unknown) => {
    throw notThis(field, problemOf(error, field));
  });
  requirePublicKeys(body, keys);
  return body;
}

function requireIssuerName({ kind, issuer }: IssuerBody): void {
  if (kind === "spiffe") {
    if (!trustDomainPattern.test(issuer))
      throw notThis("issuer", "Must be a trust domain, such as spiffe://example.org.");
    return;
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    `${url.username}${url.password}${url.search}${url.hash}` !== ""
  )
    throw notThis("issuer", "Must be an https:// address without a name, a question mark or a #.");
}

/** Private members are refused, not dropped: who pasted them has shown a secret, and should know it. */
function requirePublicKeys(body: IssuerBody, { keys }: { readonly keys: readonly object[] }): void {
  const field = body.jwks ? "jwks" : body.jwks_url === null ? "issuer" : "jwks_url";
  if (
    keys.some((key) =>
      ["d", "p", "q", "dp", "dq", "qi", "k", "priv"].some((name) => Object.hasOwn(key, name)),
    )
  )
    throw notThis(
      field,
      "This has private or shared keys. Give public keys only, and make new ones: these were shown.",
    );
  if (body.kind === "spiffe" && !keys.some((key) => "use" in key && key.use === "jwt-svid"))
    throw notThis(field, "The bundle has no key of use jwt-svid.");
  try {
    keySetOf(body, { keys: keys as readonly Record<string, unknown>[] });
  } catch {
    throw notThis(field, 'This is no key set: {"keys": […]}.');
  }
}

function problemOf(error: unknown, field: string): string {
  const refused = causesOf(error).some((one) => one instanceof PluginError && one.code === "ADDRESS_REFUSED");
  if (refused)
    return "It leads to an address that this server does not call. Paste its keys, or ask the operator to list it in TOTEM_PRIVATE_URLS (issuer https://…).";
  return field === "issuer"
    ? "No document of this issuer was found there. If this server cannot reach it, give its keys."
    : "No key set was found at this address.";
}

function causesOf(error: unknown): unknown[] {
  const all: unknown[] = [];
  for (let one = error; one instanceof Error && all.length < 10; one = one.cause) all.push(one);
  return all;
}

const notThis = (field: string, problem: string): PluginError =>
  new PluginError("INPUT_INVALID", { message: `Not valid: ${field}.`, fields: [{ field, problem }] });
