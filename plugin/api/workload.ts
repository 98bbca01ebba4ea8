import { z } from "zod";
import { problemOfPattern } from "../claim-pattern.ts";
import { plainText } from "../plain-text.ts";
import { workloadReason } from "../workload-reasons.ts";

/** The exchange of a token for one of ours: RFC 8693. */
export const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
export const tokenTypes = {
  jwt: "urn:ietf:params:oauth:token-type:jwt",
  id_token: "urn:ietf:params:oauth:token-type:id_token",
  access_token: "urn:ietf:params:oauth:token-type:access_token",
} as const;

/** The most that a token of another may have. Those of clouds have 1 to 5 kB. */
export const longestToken = 16_384;

/** Longer than anybody's JWT is refused like any other token, so there is no limit here but that of the body. */
export const exchangeBody = z.object({
  grant_type: z.string(),
  subject_token: z.string(),
  subject_token_type: z.string(),
  requested_token_type: z.string().optional(),
  workspace_id: z
    .uuid()
    .optional()
    .describe("The workspace whose rules count; without it, the first one of this server."),
});
export const exchangeAnswer = z.object({
  access_token: z.string(),
  issued_token_type: z.literal(tokenTypes.access_token),
  token_type: z.enum(["Bearer", "DPoP"]),
  expires_in: z.int(),
  scope: z.string(),
});
/** RFC 6749 section 5.2, with our code beside it. */
export const exchangeError = z.object({
  error: z.string(),
  error_description: z.string(),
  code: z.string(),
});

const name = plainText(100).pipe(z.string().trim().min(1));
const day = 86_400;
export const longestAge = day;

export const issuerKind = z.enum(["oidc", "spiffe"]);
const keySet = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(50) });

export const issuerBody = z.strictObject({
  name,
  kind: issuerKind,
  issuer: plainText(1_000).describe(
    "oidc: the issuer's address, as tokens say it. spiffe: the trust domain, such as spiffe://example.org.",
  ),
  jwks_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null)
    .describe("Where its keys are, if its discovery document does not say it."),
  jwks: keySet
    .nullable()
    .default(null)
    .describe("Its public keys, if this server cannot reach it. They are then changed here by hand."),
  max_age: z
    .int()
    .min(60)
    .max(longestAge)
    .default(3_600)
    .describe("Seconds after which a token is too old, whatever it says itself."),
});
export const trustedIssuer = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: issuerKind,
  issuer: z.string(),
  keys_from: z.enum(["discovery", "address", "stored"]),
  jwks_url: z.string().nullable(),
  jwks: keySet.nullable().describe("Public keys only."),
  max_age: z.int(),
  paused: z.boolean().describe("Who wrote it was removed. Save it again to take it over."),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
});

export const ruleCondition = z.strictObject({
  claim: plainText(200)
    .pipe(z.string().min(1))
    .describe("A claim by its name, or a path that begins with /, such as /kubernetes.io/namespace."),
  matches: plainText(500)
    .pipe(z.string().min(1))
    .refine((pattern) => problemOfPattern(pattern) === undefined, "Use at most one * between two / or :.")
    .describe("The exact text, or with * for one or more characters other than / and :."),
});
export const ruleTarget = z.union([
  z.strictObject({ agent_user: z.string().min(1).max(300).describe("A username.") }),
  z.strictObject({
    service_key: z
      .string()
      .min(1)
      .max(100)
      .describe("A key by its name; one of scope hosts:call is an installation."),
  }),
]);
export const ruleBody = z.strictObject({
  name,
  issuer_id: z.uuid(),
  audience: plainText(500).pipe(z.string().min(1)).describe("What the token must say in aud, exactly."),
  conditions: z.array(ruleCondition).min(1).max(20).describe("All of them must hold."),
  target: ruleTarget,
  token_seconds: z.int().min(60).max(900).default(900),
});
export const workloadRule = ruleBody.extend({
  id: z.uuid(),
  target: z.object({
    kind: z.enum(["agent_user", "service_key", "host"]),
    name: z.string(),
    live: z.boolean().describe("Whether it is there and neither disabled, revoked nor expired."),
  }),
  token_seconds: z.int(),
  paused: z.boolean(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  last_used_at: z.iso.datetime().nullable(),
});

export const workloadIdentity = z.object({
  audience: z.string().describe("What tokens for this server should say in aud."),
  workspace_id: z.uuid(),
  /** Whether a request without a workspace means this one. */
  is_default: z.boolean(),
  issuers: z.array(trustedIssuer),
  rules: z.array(workloadRule),
});

export const tryTokenBody = z.strictObject({ token: z.string().min(1).max(100_000) });
export const triedToken = z.object({
  gets_in: z.boolean(),
  reason: workloadReason.nullable(),
  words: z.string().describe("The outcome in plain sentences."),
  issuer: z.string().nullable().describe("The name of the trusted issuer."),
  subject: z.string().nullable().describe("Who it speaks for, once its signature is proved."),
  rule: z.string().nullable(),
  as: z.object({ kind: z.enum(["agent_user", "service_key", "host"]), name: z.string() }).nullable(),
  rules: z.array(z.object({ name: z.string(), fits: z.boolean(), words: z.string() })),
});

export type TrustedIssuerBody = z.infer<typeof trustedIssuer>;
export type WorkloadRuleBody = z.infer<typeof workloadRule>;
export type TriedToken = z.infer<typeof triedToken>;
