import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { usernameOf } from "../../plugin/username.ts";
import { type Actor, type AuditFacts, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import { redactTokens } from "../redaction/mask.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { SharedSecret } from "../secrets/shared-secret.ts";
import { defaultTotp } from "../totp/totp.ts";
import { type AgentPlace, isAt, type PlaceExists } from "./agent-place.ts";

export interface Enrollment {
  readonly place: AgentPlace;
  /** The slug its name begins with. Asked in the transaction that makes the account, which may take a new one. */
  readonly workflowSlug: string | ((trx: Kysely<Tables>) => Promise<string>);
  /** What its agent is called, for people. */
  readonly agentName?: string;
  readonly purpose: string;
  readonly actor: Actor;
  readonly runId?: string;
  readonly nodeId?: string;
}

export interface EnrolledAgentUser {
  readonly username: string;
  readonly apiKey: string;
  readonly purpose: string;
  readonly alreadyExisted: boolean;
}

export interface EnrollmentParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** Whether the agent node is still there. Asked in the transaction that makes its account, so that none is made for a deleted one. */
  readonly placeExists: PlaceExists;
}

/** Scopes of a new agent user: its own codes, its own workflow and its own vault. */
export const agentScopes = ["codes:read", "workflows:read", "vault:read", "vault:write"] as const;

/**
 * Makes the account of the agent at this place, or gives the same one again. The key is shown to its
 * owner on every call: it is stored sealed, beside the hash it is looked up by.
 */
export const enrollAgentUser =
  (parts: EnrollmentParts) =>
  async (enrollment: Enrollment): Promise<EnrolledAgentUser> => {
    const { db, keyRing, clock } = parts;
    const existing = await findAndAudit(db, clock, enrollment);
    if (existing) return present(keyRing, existing, true);
    const created = await insert(parts, enrollment);
    if (created) return created;
    // Somebody else was first. Either it is our own account, made by a call at the same moment, or the name is taken.
    const winner = await findAndAudit(db, clock, enrollment);
    if (!winner) throw new PluginError("USERNAME_CONFLICT");
    return present(keyRing, winner, true);
  };

const auditFacts = (
  { place, actor, runId, nodeId }: Enrollment,
  at: Date,
  action: string,
  username: string,
): AuditFacts => ({
  workspaceId: place.workspaceId,
  at,
  actor: { ...actor, onBehalfOf: username },
  action,
  subject: { kind: "agent_user", id: username },
  workflowId: place.workflowId,
  runId,
  nodeId,
});

type SealedRow = Pick<
  AgentUserRow,
  "id" | "workspace_id" | "username" | "purpose" | "sealed_api_key" | "disabled_at"
>;

async function present(
  keyRing: KeyRing,
  row: SealedRow,
  alreadyExisted: boolean,
): Promise<EnrolledAgentUser> {
  if (row.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  const keys = await keyRing.forWorkspace(row.workspace_id);
  const apiKey = keys
    .open({ table: "agent_user", rowId: row.id, column: "sealed_api_key" }, row.sealed_api_key)
    .toString();
  return { username: row.username, apiKey, purpose: row.purpose, alreadyExisted };
}

/** One round trip: the row, and the trace that its key was read. */
async function findAndAudit(
  db: Kysely<Tables>,
  clock: Clock,
  enrollment: Enrollment,
): Promise<SealedRow | undefined> {
  const facts = auditFacts(enrollment, clock.now(), "agent_user.key_read", "");
  const result = await sql<SealedRow>`
    with found as (
      select u.id, u.workspace_id, u.username, u.purpose, u.sealed_api_key, u.disabled_at
      from agent_user u where ${isAt("u", enrollment.place)}
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
  { db, keyRing, clock, placeExists }: EnrollmentParts,
  enrollment: Enrollment,
): Promise<EnrolledAgentUser | undefined> {
  const { place, workflowSlug, agentName = "" } = enrollment;
  const readable = redactTokens(enrollment.purpose);
  const keys = await keyRing.forWorkspace(place.workspaceId);
  const id = randomUUID();
  const apiKey = newBearerToken("agent");
  const secret = SharedSecret.generate(defaultTotp.algorithm);
  const at = clock.now();
  const made = await db.transaction().execute(async (trx) => {
    const slug = typeof workflowSlug === "string" ? workflowSlug : await workflowSlug(trx);
    if (!(await placeExists(trx, place))) throw new PluginError("AGENT_NOT_CONNECTED");
    const username = usernameOf(slug, place.agentNodeId);
    const row = await trx
      .insertInto("agent_user")
      .values({
        id,
        workspace_id: place.workspaceId,
        host: place.host,
        host_instance: place.hostInstance,
        workflow_id: place.workflowId,
        agent_node_id: place.agentNodeId,
        agent_node_name: redactTokens(agentName),
        username,
        purpose: readable,
        scopes: [...agentScopes],
        api_key_hash: hashToken(apiKey),
        sealed_api_key: keys.seal({ table: "agent_user", rowId: id, column: "sealed_api_key" }, apiKey),
        sealed_secret: secret.useBytes((bytes) =>
          keys.seal({ table: "agent_user", rowId: id, column: "sealed_secret" }, bytes),
        ),
        ...defaultTotp,
        last_counter: -1,
        failures_in_a_row: 0,
        created_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("username")
      .executeTakeFirst();
    if (row) await writeAuditEvent(trx, auditFacts(enrollment, at, "agent_user.created", username));
    return row;
  });
  secret.wipe();
  return made && { username: made.username, apiKey, purpose: readable, alreadyExisted: false };
}
