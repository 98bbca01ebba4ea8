import { randomUUID } from "node:crypto";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import {
  type AgentLocation,
  type AgentNodeCaller,
  type AuthenticatedCaller,
  auditFactsOf,
} from "../access/caller.ts";
import { askPeople } from "../approvals/ask-people.ts";
import { type BoundCall, bindCall, hasAsked, isApproved, useApproval } from "../approvals/bound-call.ts";
import { auditRow, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { AgentUserRow, NewAuditEvent, Tables } from "../database/tables.ts";
import { namedSubject } from "../redaction/named-subject.ts";
import type { KeyRing, WorkspaceKeys } from "../secrets/key-ring.ts";
import { counterAt, defaultTotp, generateCode, secondsLeft, type TotpAlgorithm } from "../totp/totp.ts";
import { isAt, secretContext } from "./agent-account.ts";

export interface CodeParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}

export interface CodeRequest {
  readonly caller: AgentNodeCaller;
  /** The username whose code the model asked for; empty means its own. A wish, never an authority. */
  readonly requested: string;
  /**
   * Seconds the code must still last. With fewer left, the call waits for the next window. More than 0 also makes it
   * wait when the code was accepted already. 0 takes the code of this moment in any case.
   */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Called when the wait begins, with its end. */
  readonly onWaiting?: (until: Date) => void;
  /** Why the model wants the code, in its words. People who are asked see it. */
  readonly reason?: string | undefined;
}

export interface IssuedCode {
  readonly username: string;
  readonly code: string;
  readonly expires_in: number;
  readonly period: number;
}

type SealedAccount = Pick<
  AgentUserRow,
  "id" | "username" | "algorithm" | "digits" | "period" | "sealed_secret"
>;

interface Found extends Omit<SealedAccount, "id"> {
  /** Null where the requested name does not exist. */
  id: string | null;
  refusal: "disabled" | "not_granted" | "no_such_user" | "approval" | "spent" | null;
  /** The username of the agent that reads. */
  asking: string;
  ask: AskPolicy | null;
}

/**
 * The current code of the agent at the caller's location, or of another that granted it. The one statement that
 * decides who may read also writes the audit row. The secret is opened only after that.
 */
export const issueCode = (parts: CodeParts, request: CodeRequest): Promise<IssuedCode> =>
  issueTo(parts, request, bindCall(request.caller, { requestId: randomUUID() }));

async function issueTo(parts: CodeParts, request: CodeRequest, call: BoundCall): Promise<IssuedCode> {
  const { caller, reason } = request;
  const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
  const { found, now } = await findUsable(parts, request, call);
  if (!found) throw new PluginError("AGENT_USER_NOT_FOUND");
  if (found.refusal === "disabled") throw new PluginError("AGENT_USER_DISABLED");
  if (found.refusal === "approval" && found.id !== null) {
    const { id, username, ask, asking } = found;
    const subject = { kind: "agent_user", id, name: username } as const;
    await askPeople(parts, { caller, call, subject, policy: ask, grantId: null, reader: asking, reason });
    return issueTo(parts, request, call);
  }
  // The same answer for another's name and for a name that does not exist.
  if (found.refusal || found.id === null) {
    throw new PluginError("FORBIDDEN", {
      message: "You may read your own code only. Leave username empty.",
    });
  }
  return openCode(keys, found as SealedAccount, now);
}

/** Opens the secret and generates the code of this moment: the last step, after all decisions. */
function openCode(keys: WorkspaceKeys, account: SealedAccount, now: Date): IssuedCode {
  const { id, username, algorithm, digits, period } = account;
  const secret = keys.open(secretContext(id), account.sealed_secret);
  try {
    const parameters = { algorithm: algorithm as TotpAlgorithm, digits };
    const code = generateCode(secret, parameters, counterAt(now, period));
    return { username, code, expires_in: secondsLeft(now, period), period };
  } finally {
    secret.fill(0);
  }
}

/**
 * The row, and the moment that the code is for. A caller that will use the code (`minRemaining`) gets none that is
 * about to end or was accepted already: it waits, and the statement decides again.
 */
async function findUsable(
  { db, clock }: CodeParts,
  request: CodeRequest,
  call: BoundCall,
): Promise<{ found: Found | undefined; now: Date }> {
  const { caller, minRemaining } = request;
  const { location } = caller;
  const { period } = defaultTotp;
  const find = location.workflowVersion === undefined ? findAndAudit : findCurrentAndAudit;
  if (secondsLeft(clock.now(), period) < Math.min(minRemaining, period))
    await untilNextWindow(clock, request);
  for (;;) {
    // One moment for the audit row and the code: the row names the very step that was given out.
    const now = clock.now();
    // Written out, not spread: each object that is copied here is copied for every code.
    const facts = auditRow({
      workspaceId: caller.workspaceId,
      actor: caller.actor,
      workflowId: location.workflowId,
      runId: caller.trace?.runId,
      nodeId: caller.trace?.nodeId,
      at: now,
      action: "code.read",
      subject: { kind: "agent_user", id: "" },
      counter: counterAt(now, period),
    });
    const requested = namedSubject(request.requested);
    const [found] = await find(db, { ...location, ...facts, ...call, requested, minRemaining });
    if (found?.refusal !== "spent") return { found, now };
    await untilNextWindow(clock, request);
  }
}

/** Every agent user has the same period, so the wait needs no look at the row. */
async function untilNextWindow(clock: Clock, { signal, onWaiting }: CodeRequest): Promise<void> {
  const now = clock.now();
  const wait = defaultTotp.period * 1000 - (now.getTime() % (defaultTotp.period * 1000));
  onWaiting?.(new Date(now.getTime() + wait));
  await clock.sleep(wait, signal);
}

type Statement = AgentLocation &
  NewAuditEvent &
  BoundCall & { readonly requested: string; readonly minRemaining: number };
type StatementValue = <Name extends keyof Statement & string>(name: Name) => RawBuilder<Statement[Name]>;

const findAndAudit = compileStatement<Statement, Found>((value) => statement(value, false));
const findCurrentAndAudit = compileStatement<Statement, Found>((value) => statement(value, true));

const statement = (value: StatementValue, onlyCurrent: boolean) => sql<Found>`
    with me as (
      select u.* from agent_user u where ${isAt("u", {
        workspaceId: value("workspace_id"),
        host: value("host"),
        hostInstance: value("hostInstance"),
        workflowId: value("workflowId"),
        agentNodeId: value("agentNodeId"),
        workflowVersion: onlyCurrent ? value("workflowVersion") : undefined,
      })}
    ), found as (
      select me.username as asking, u.ask, u.ask is not null or ${hasAsked(readOf(value, sql`u.id`))} as asks, u.id, coalesce(u.username, ${value("requested")}) as username, u.algorithm, u.digits, u.period, u.sealed_secret,
        case
          when me.disabled_at is not null then 'disabled'
          when u.id is null then 'no_such_user'
          when u.id <> me.id and g.id is null then 'not_granted'
          when u.disabled_at is not null then 'disabled'
          when (u.ask is not null or ${hasAsked(readOf(value, sql`u.id`))}) and not ${isApproved(readOf(value, sql`u.id`))} then 'approval'
          when ${value("minRemaining")}::integer > 0 and u.last_counter >= ${value("counter")}::bigint then 'spent'
        end as refusal
      from me
      left join agent_user u on u.workspace_id = me.workspace_id
        and u.username = case when ${value("requested")} = '' then me.username else ${value("requested")} end
      left join agent_user_grant g on g.agent_user_id = u.id and g.reader_id = me.id
    ), used as (
      ${useApproval(readOf(value, sql`f.id`))}
    ), outcome as (
      select f.asking, f.ask, f.id, f.username, f.algorithm, f.digits, f.period, f.sealed_secret,
        case when f.refusal is null and f.asks and not exists (select from used) then 'approval' else f.refusal end as refusal
      from found f
    ), audited as (
      ${insertAuditFrom("outcome", value, {
        on_behalf_of: sql`asking`,
        subject_id: sql`username`,
        result: sql`case when refusal is null then 'ok' else 'refused' end`,
        reason: sql`refusal`,
      })}
    )
    select * from outcome`;

const readOf = (value: StatementValue, subjectId: RawBuilder<unknown>) => ({
  subjectId,
  callKey: value("call_key"),
  usedBy: value("used_by"),
  at: value("at"),
});

/**
 * The code of this moment, for a caller that may read every code of the workspace. It uses nothing up and never
 * waits. Again one statement finds, decides and writes the trace, and the secret is opened after it.
 */
export async function showCode(
  { db, keyRing, clock }: CodeParts,
  caller: AuthenticatedCaller,
  username: string,
): Promise<IssuedCode & { readonly now: string }> {
  const { workspaceId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const now = clock.now();
  const facts = {
    ...auditFactsOf(caller),
    at: now,
    action: "code.read",
    subject: { kind: "agent_user", id: namedSubject(username) },
    counter: counterAt(now, defaultTotp.period),
  };
  const { rows } = await sql<Omit<Found, "refusal"> & { refusal: Found["refusal"] | "asks" }>`
    with found as (
      select u.id, u.username, u.algorithm, u.digits, u.period, u.sealed_secret, u.workflow_id as home,
        case when u.id is null then 'no_such_user' when u.disabled_at is not null then 'disabled'
          when u.ask is not null then 'asks' end as refusal
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
  if (found.refusal === "asks")
    throw new PluginError("POLICY_REFUSED", {
      message: "People are asked before each code of this identity, so it is not shown here.",
    });
  if (found.refusal) throw new PluginError("AGENT_USER_DISABLED");
  return { ...openCode(keys, found as SealedAccount, now), now: now.toISOString() };
}
