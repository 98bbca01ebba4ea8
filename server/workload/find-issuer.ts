import type { JWTPayload } from "jose";
import type { Kysely, Selectable } from "kysely";
import { isPlainText } from "../../plugin/plain-text.ts";
import type { Tables, TrustedIssuerTable } from "../database/tables.ts";
import { trustDomainOf } from "./spiffe-id.ts";

export type FoundIssuer = Pick<
  Selectable<TrustedIssuerTable>,
  "id" | "name" | "kind" | "issuer" | "jwks_url" | "jwks" | "max_age" | "revision" | "paused_at"
>;

/** The trusted issuer that a token claims, of which nothing is proved yet: by iss, or by the trust domain in sub. */
export async function findIssuer(
  db: Kysely<Tables>,
  workspaceId: string,
  { iss, sub }: JWTPayload,
): Promise<FoundIssuer | undefined> {
  const trustDomain = trustDomainOf(sub);
  const named = [
    ...(typeof iss === "string" && iss.length <= 1_000 && isPlainText(iss) ? [["oidc", iss] as const] : []),
    ...(trustDomain === undefined ? [] : [["spiffe", trustDomain] as const]),
  ];
  for (const [kind, issuer] of named) {
    const found = await db
      .selectFrom("trusted_issuer")
      .select(["id", "name", "kind", "issuer", "jwks_url", "jwks", "max_age", "revision", "paused_at"])
      .where("workspace_id", "=", workspaceId)
      .where("kind", "=", kind)
      .where("issuer", "=", issuer)
      .executeTakeFirst();
    if (found) return found;
  }
  return undefined;
}
