import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { usernameOf } from "../../plugin/username.ts";
import { type AgentNodeCaller, auditFactsOf } from "../access/caller.ts";
import { type AuditFacts, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import { redactTokens } from "../redaction/mask.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { SharedSecret } from "../secrets/shared-secret.ts";
import { defaultTotp } from "../totp/totp.ts";
import { apiKeyContext, isAt, type LocationExists, locationOf, secretContext } from "./agent-account.ts";

export interface Enrollment {
  readonly caller: AgentNodeCaller;
  /** The slug its name begins with. A function is asked in the transaction that creates the account: it may take a new one. */
  readonly workflowSlug: string | ((trx: Kysely<Tables>) => Promise<string>);
  /** What its agent is called, for people. */
  readonly agentName?: string;
  readonly purpose: string;
}

export interface EnrolledAgentUser {
  readonly username: string;
  readonly api_key: string;
  readonly purpose: string;
  readonly already_existed: boolean;
}

export interface EnrollmentParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** Asked in the transaction that creates an account, so that a deleted agent gets none. */
  readonly locationExists: LocationExists;
}

/** Scopes of a new agent user: its own codes, its own workflow and its own vault. */
export const agentScopes = ["codes:read", "workflows:read", "vault:read", "vault:write"] as const;

/**
 * Creates the account of the agent at the caller's location, or returns the same one again. Its owner gets the key on
 * every call: the key is stored sealed, beside the hash that finds it.
 */
export async function enrollAgentUser(
  parts: EnrollmentParts,
  enrollment: Enrollment,
): Promise<EnrolledAgentUser> {
  const existing = await findAndAudit(parts, enrollment.caller);
  if (existing) return openAccount(parts, existing);
  const created = await insert(parts, enrollment);
  if (created) return created;
  // Another call was first. It created this very account at the same moment, or the name is taken.
  const winner = await findAndAudit(parts, enrollment.caller);
  if (!winner) throw new PluginError("USERNAME_CONFLICT");
  return openAccount(parts, winner);
}

const factsOf = (
  caller: AgentNodeCaller,
  { at, action, username }: { readonly at: Date; readonly action: string; readonly username: string },
): AuditFacts => ({
  ...auditFactsOf(caller),
  at,
  actor: { ...caller.actor, onBehalfOf: username },
  action,
  subject: { kind: "agent_user", id: username },
});

type SealedRow = Pick<
  AgentUserRow,
  "id" | "workspace_id" | "username" | "purpose" | "sealed_api_key" | "disabled_at"
>;

async function openAccount({ keyRing }: EnrollmentParts, row: SealedRow): Promise<EnrolledAgentUser> {
  if (row.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  const keys = await keyRing.forWorkspace(row.workspace_id);
  const api_key = keys.open(apiKeyContext(row.id), row.sealed_api_key).toString();
  return { username: row.username, api_key, purpose: row.purpose, already_existed: true };
}

/** One round trip: the row, and the trace that its key was read. */
async function findAndAudit(
  { db, clock }: EnrollmentParts,
  caller: AgentNodeCaller,
): Promise<SealedRow | undefined> {
  const facts = factsOf(caller, { at: clock.now(), action: "agent_user.key_read", username: "" });
  const result = await sql<SealedRow>`
    with found as (
      select u.id, u.workspace_id, u.username, u.purpose, u.sealed_api_key, u.disabled_at
      from agent_user u where ${isAt("u", locationOf(caller))}
    ), audited as (
      ${insertAuditFrom("found", facts, {
        on_behalf_of: sql`username`,
        subject_id: sql`username`,
        result: sql`case when disabled_at is null then 'ok' else 'refused' end`,
        reason: sql`case when disabled_at is null then null else 'disabled' end`,
      })}
    )
    select * from found`.execute(db);
  return result.rows[0];
}

async function insert(
  { db, keyRing, clock, locationExists }: EnrollmentParts,
  enrollment: Enrollment,
): Promise<EnrolledAgentUser | undefined> {
  const { caller, workflowSlug, agentName = "" } = enrollment;
  const location = locationOf(caller);
  const readable = redactTokens(enrollment.purpose);
  const keys = await keyRing.forWorkspace(location.workspaceId);
  const id = randomUUID();
  const apiKey = newBearerToken("agent");
  const secret = SharedSecret.generate(defaultTotp.algorithm);
  const at = clock.now();
  const created = await db.transaction().execute(async (trx) => {
    const slug = typeof workflowSlug === "string" ? workflowSlug : await workflowSlug(trx);
    if (!(await locationExists(trx, location))) throw new PluginError("AGENT_NOT_CONNECTED");
    const username = usernameOf(slug, location.agentNodeId);
    const row = await trx
      .insertInto("agent_user")
      .values({
        id,
        workspace_id: location.workspaceId,
        host: location.host,
        host_instance: location.hostInstance,
        workflow_id: location.workflowId,
        agent_node_id: location.agentNodeId,
        agent_node_name: redactTokens(agentName),
        username,
        purpose: readable,
        scopes: [...agentScopes],
        api_key_hash: hashToken(apiKey),
        sealed_api_key: keys.seal(apiKeyContext(id), apiKey),
        sealed_secret: secret.useBytes((bytes) => keys.seal(secretContext(id), bytes)),
        ...defaultTotp,
        last_counter: -1,
        failures_in_a_row: 0,
        created_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("username")
      .executeTakeFirst();
    if (row) await writeAuditEvent(trx, factsOf(caller, { at, action: "agent_user.created", username }));
    return row;
  });
  secret.wipe();
  return (
    created && { username: created.username, api_key: apiKey, purpose: readable, already_existed: false }
  );
}
