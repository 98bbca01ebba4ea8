import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { longestAge } from "../../plugin/api/workload.ts";
import { toPlainText } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { countTries, networkOf, type TriedSubject } from "../access/count-tries.ts";
import { type ProofOfKey, verifyProofOfKey } from "../access/dpop-proof.ts";
import { spendToken } from "../access/spend-token.ts";
import { type Actor, type AuditFacts, writeAuditEvent } from "../audit/audit-log.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { chooseRule, type Rule, rulesOf } from "./choose-rule.ts";
import { clockTolerance, type NotProved, type Proved, proveToken } from "./judge-token.ts";
import type { WorkloadParts } from "./workload-parts.ts";

export interface Exchange {
  readonly token: string;
  readonly isIdToken: boolean;
  /** The first workspace of the server where the request names none. */
  readonly workspaceId: string | undefined;
  readonly ip: string;
  /** Present where the request came with a proof of a key: the token is then bound to that key. */
  readonly proofOfKey: ProofOfKey | undefined;
}

export interface ExchangedToken {
  readonly token: string;
  readonly isBound: boolean;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}

/** A broken program that tries again and again uses up its own tries, and not those of its network. */
const most = { workload: 20, network: 100 } as const;

/**
 * A token of a trusted issuer for one of ours, which acts as what its rule names. Each is exchanged once. All refusals
 * look alike from outside; the audit log has the reason.
 */
export async function exchangeToken(parts: WorkloadParts, exchange: Exchange): Promise<ExchangedToken> {
  const { db, clock } = parts;
  const { token, isIdToken, ip } = exchange;
  const count = (subjects: readonly TriedSubject[]) => countTries(parts, subjects, tooManyTries);
  const workspaceId = await workspaceOf(parts, exchange.workspaceId);
  const refuse = async ({ reason, ...of }: Refusal): Promise<never> => {
    await writeAuditEvent(db, { workspaceId, at: clock.now(), ...refusalFacts(of, ip), reason });
    throw new PluginError("WORKLOAD_REFUSED");
  };
  const thumbprint = await thumbprintOf(parts, exchange.proofOfKey).catch(async (error) => {
    if (error instanceof PluginError && error.code === "PROOF_OF_KEY_REFUSED") {
      await count(claimedSubjects(exchange));
      await refuse({ reason: "proof" }).catch(() => undefined);
    }
    throw error;
  });
  // A workspace that does not exist trusts no issuer.
  const named = exchange.workspaceId ?? workspaceId;
  const proved = await proveToken(parts, { token, workspaceId: named, isIdToken, thumbprint });
  if ("reason" in proved) {
    // That their issuer was away is no fault of theirs.
    if (proved.reason !== "issuer_unreachable") await count(claimedSubjects(exchange));
    return refuse(proved);
  }
  const takeBack = await count([provedSubject(proved, ip)]);
  const rules = await rulesOf(db, { workspaceId, issuerId: proved.issuer.id, now: clock.now() });
  const chosen = chooseRule(rules, proved);
  if ("reason" in chosen) return refuse({ ...chosen, proved });
  const { rule } = chosen;
  const given = await give(parts, { proved, rule, token, thumbprint, workspaceId, ip });
  await takeBack();
  if (!given) {
    // A stranger may show it again.
    await count(claimedSubjects(exchange));
    return refuse({ reason: "replayed", proved, rule });
  }
  return given;
}

const tooManyTries = "Too many refused tokens came from there. Test one in the studio, then wait.";

/** Of what proves nothing. What it claims may be a lie, so it is counted apart from who proved the same. */
function claimedSubjects({ token, ip }: Exchange): TriedSubject[] {
  const network = networkOf(ip);
  const subjects = [{ name: `workload-network:${network}`, most: most.network }];
  try {
    const { iss, sub } = decodeJwt(token);
    const claimed = hashToken(JSON.stringify([network, iss, sub]));
    return [{ name: `workload-claimed:${claimed}`, most: most.workload }, ...subjects];
  } catch {
    return subjects;
  }
}

/** A workload that proved who it is has tries of its own: a stranger behind the same address uses up none of them. */
const provedSubject = ({ issuer, claims }: Proved, ip: string): TriedSubject => ({
  name: `workload:${hashToken(JSON.stringify([networkOf(ip), issuer.id, claims.sub]))}`,
  most: most.workload,
});

/** Whose audit log hears of it: the first one's where the named one does not exist. */
async function workspaceOf(
  { db, defaultWorkspaceId }: WorkloadParts,
  named: string | undefined,
): Promise<string> {
  if (named === undefined) return defaultWorkspaceId;
  const row = await db.selectFrom("workspace").select("id").where("id", "=", named).executeTakeFirst();
  return row?.id ?? defaultWorkspaceId;
}

const thumbprintOf = async (
  parts: WorkloadParts,
  proof: ProofOfKey | undefined,
): Promise<string | undefined> => (proof === undefined ? undefined : verifyProofOfKey(parts, proof));

interface Refusal extends NotProved {
  readonly proved?: Proved;
  readonly rule?: Rule;
}

type Event = Pick<AuditFacts, "actor" | "action" | "subject" | "result">;

function refusalFacts({ issuer, proved, rule }: Omit<Refusal, "reason">, ip: string): Event {
  const known = proved?.issuer ?? issuer;
  return {
    actor: proved ? workloadActor(proved, ip) : { kind: "workload", id: "unknown", ip },
    action: "workload.exchanged",
    ...(rule
      ? { subject: { kind: "workload_rule", id: rule.name } }
      : known && { subject: { kind: "trusted_issuer", id: known.name } }),
    result: "refused",
  };
}

/** Who an issuer says it is, in the audit log: its issuer and its subject. Long names are cut: an index has a limit. */
const workloadActor = ({ issuer, claims }: Proved, ip: string, onBehalfOf?: string): Actor => ({
  kind: "workload",
  id: `${issuer.issuer} ${visible(claims.sub)}`.slice(0, 400),
  ip,
  ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
});

const visible = (text: string): string => toPlainText(text.replace(/[\p{Cc}\p{Cf}]/gu, " "));

interface Gift {
  readonly proved: Proved;
  readonly rule: Rule;
  readonly token: string;
  readonly thumbprint: string | undefined;
  readonly workspaceId: string;
  readonly ip: string;
}

/** Stores the new token and that the old one is spent, together. Answers nothing where it was spent before. */
function give(
  { db, clock }: WorkloadParts,
  { proved, rule, token: shown, thumbprint, workspaceId, ip }: Gift,
): Promise<ExchangedToken | undefined> {
  const now = clock.now();
  const ends = Math.min(now.getTime() + rule.token_seconds * 1000, rule.target_ends?.getTime() ?? Infinity);
  const token = newBearerToken("workload");
  return db.transaction().execute(async (trx) => {
    if (!(await spendToken(trx, { hash: hashOfShown(proved, shown), now, until: endOf(proved, now) })))
      return undefined;
    await trx
      .deleteFrom("workload_token")
      .where("rule_id", "=", rule.id)
      .where("expires_at", "<=", now)
      .execute();
    await trx
      .insertInto("workload_token")
      .values({
        token_hash: hashToken(token),
        workspace_id: workspaceId,
        rule_id: rule.id,
        rule_revision: rule.revision,
        issuer_revision: proved.issuer.revision,
        subject: visible(proved.claims.sub).slice(0, 400),
        key_thumbprint: thumbprint ?? null,
        created_at: now,
        expires_at: new Date(ends),
      })
      .execute();
    await trx.updateTable("workload_rule").set({ last_used_at: now }).where("id", "=", rule.id).execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: now,
      actor: workloadActor(proved, ip, rule.target_name),
      action: "workload.exchanged",
      subject: { kind: "workload_rule", id: rule.name },
    });
    return {
      token,
      isBound: thumbprint !== undefined,
      expiresInSeconds: Math.floor((ends - now.getTime()) / 1000),
      scopes: rule.target_scopes,
    };
  });
}

/**
 * By what a token is known again: its jti. Without one, by what was signed; not by the signature, which can be written
 * in two ways. The key belongs to it, so that an issuer of one workspace spends no token of another's.
 */
export function hashOfShown({ issuer, claims, signedBy }: Proved, token: string): string {
  const known =
    claims.jti === undefined ? ["signed", token.slice(0, token.lastIndexOf("."))] : ["jti", claims.jti];
  return createHash("sha256")
    .update(JSON.stringify([issuer.issuer, signedBy, ...known]))
    .digest("base64url");
}

/** Until when it could be shown again: its own end, and no issuer may allow more than the longest age. */
function endOf({ claims: { exp, iat } }: Proved, now: Date): Date {
  const oldest = (iat ?? now.getTime() / 1000) + longestAge;
  return new Date((Math.min(exp, oldest) + clockTolerance + 1) * 1000);
}
