import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, type AuditFacts, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import { namedSubject } from "../redaction/named-subject.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { counterAt, defaultTotp } from "../totp/totp.ts";
import { type IssuedCode, openCode } from "./issue-code.ts";

interface Found extends Pick<AgentUserRow, "username" | "algorithm" | "digits" | "period" | "sealed_secret"> {
  id: string | null;
  refusal: "disabled" | "no_such_user" | null;
}

/**
 * The code of this moment, for somebody who may read every code of the workspace. It spends nothing and
 * waits for nothing. As with an agent's own, one statement finds, decides and writes the trace; the secret is
 * opened after it.
 */
export const showCode =
  ({ db, keyRing, clock }: { db: Kysely<Tables>; keyRing: KeyRing; clock: Clock }) =>
  async (request: {
    readonly workspaceId: string;
    readonly username: string;
    readonly actor: Actor;
  }): Promise<IssuedCode & { readonly now: Date }> => {
    const { workspaceId, username, actor } = request;
    const keys = await keyRing.forWorkspace(workspaceId);
    const now = clock.now();
    const facts: AuditFacts = {
      workspaceId,
      at: now,
      actor,
      action: "code.read",
      subject: { kind: "agent_user", id: namedSubject(username) },
      counter: counterAt(now, defaultTotp.period),
    };
    const { rows } = await sql<Found>`
      with found as (
        select u.id, u.username, u.algorithm, u.digits, u.period, u.sealed_secret, u.workflow_id as home,
          case when u.id is null then 'no_such_user' when u.disabled_at is not null then 'disabled' end as refusal
        from (select) as one
        left join agent_user u on u.workspace_id = ${workspaceId} and u.username = ${username}
      ), audited as (
        ${insertAuditFrom("found", facts, {
          workflow_id: sql`home`,
          result: sql`case when refusal is null then 'ok' else 'refused' end`,
          reason: sql`refusal`,
        })}
      )
      select * from found`.execute(db);
    const [found] = rows;
    if (!found || found.id === null) throw new PluginError("AGENT_USER_NOT_FOUND");
    if (found.refusal) throw new PluginError("AGENT_USER_DISABLED");
    return { ...openCode(keys, { ...found, id: found.id }, now), now };
  };
