import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { auditRefusal } from "./authorize.ts";
import type { HostCaller } from "./caller.ts";
import {
  type ProvenSignature,
  type ReceivedRequest,
  readSignature,
  type SignatureProblem,
  signatureWindowSeconds,
} from "./host-signature.ts";

interface SignedCallParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

interface Asked {
  readonly caller: HostCaller;
  readonly request: ReceivedRequest;
  /** The route, for the audit log. */
  readonly route: string;
}

/**
 * Lets a call of an installation in only with a signature of one of its confirmed key pairs: a copied service key alone
 * is worth nothing. Every refusal looks the same; the audit log has the reason. Answers
 * with the key pair's id.
 */
export async function requireSignedCall(
  parts: SignedCallParts,
  { caller, request, route }: Asked,
): Promise<string> {
  const found = await keyPairOf(parts, caller, request);
  if ("problem" in found) throw await refusal(parts, caller, { route, problem: found.problem });
  return found.keyPairId;
}

/** The public key that signed a request which brings it. It proves who has the private half, and nothing else. */
export async function requireOwnSignature(
  parts: SignedCallParts,
  { caller, request, route }: Asked,
): Promise<string> {
  const read = await readSignature(request);
  const problem =
    typeof read === "string" ? read : isInTime(read, parts.clock.now()) ? undefined : "signature_old";
  if (problem || typeof read === "string")
    throw await refusal(parts, caller, { route, problem: problem ?? "unsigned" });
  return read.publicKey;
}

async function keyPairOf(
  { db, clock }: SignedCallParts,
  { workspaceId, boundTo }: HostCaller,
  request: ReceivedRequest,
): Promise<{ readonly keyPairId: string } | { readonly problem: SignatureProblem }> {
  const read = await readSignature(request);
  if (typeof read === "string") return { problem: read };
  const now = clock.now();
  if (!isInTime(read, now)) return { problem: "signature_old" };
  if (!boundTo) return { problem: "key_pair_unknown" };
  const pair = await db
    .selectFrom("host_key_pair as p")
    .innerJoin("host_installation as i", "i.id", "p.installation_id")
    .select("p.id")
    .where("i.workspace_id", "=", workspaceId)
    .where("i.host", "=", boundTo.host)
    .where("i.host_instance", "=", boundTo.hostInstance)
    .where("p.public_key", "=", read.publicKey)
    .where("p.confirmed_at", "is not", null)
    .executeTakeFirst();
  if (!pair) return { problem: "key_pair_unknown" };
  const isNew = await isFirst(db, { keyPairId: pair.id, signature: read, now });
  return isNew ? { keyPairId: pair.id } : { problem: "signature_replayed" };
}

const isInTime = ({ created }: ProvenSignature, now: Date): boolean =>
  Math.abs(created.getTime() - now.getTime()) <= signatureWindowSeconds * 1000;

/**
 * Notes the number of a call, once for all processes. It is stored twice as long as it could be used: the clocks of two
 * servers differ. Each call removes some that have ended.
 */
async function isFirst(
  db: Kysely<Tables>,
  { keyPairId, signature, now }: { keyPairId: string; signature: ProvenSignature; now: Date },
): Promise<boolean> {
  const ends = new Date(signature.created.getTime() + 2 * signatureWindowSeconds * 1000);
  const { rows } = await sql`
    with ended as (
      delete from host_call_nonce where ctid = any(array(
        select ctid from host_call_nonce where expires_at < ${now} limit 50 for update skip locked))
    )
    insert into host_call_nonce (key_pair_id, nonce, expires_at) values (${keyPairId}, ${signature.nonce}, ${ends})
    on conflict do nothing returning nonce`.execute(db);
  return rows.length > 0;
}

async function refusal(
  parts: SignedCallParts,
  caller: HostCaller,
  { route, problem }: { readonly route: string; readonly problem: SignatureProblem },
): Promise<PluginError> {
  await auditRefusal(parts, caller, { subject: { kind: "route", id: route }, reason: problem });
  return new PluginError("SIGNATURE_REFUSED");
}
