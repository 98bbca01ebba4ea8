import { type Kysely, type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, auditRow, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { AgentUserRow, NewAuditEvent, Tables } from "../database/tables.ts";
import { namedSubject } from "../redaction/named-subject.ts";
import type { KeyRing, WorkspaceKeys } from "../secrets/key-ring.ts";
import { counterAt, defaultTotp, generateCode, secondsLeft, type TotpAlgorithm } from "../totp/totp.ts";
import { type AgentPlace, isAt } from "./agent-place.ts";

export interface CodeRequest {
  readonly place: AgentPlace;
  /** Whose code the model asked for; empty means its own. A wish, never an authority. */
  readonly requested: string;
  readonly actor: Actor;
  readonly runId?: string;
  readonly nodeId?: string;
  /**
   * Wait for the next window when the code would last less than this many seconds, and, if it is more than
   * 0, when the code was accepted already. 0 takes the code of this moment, whatever it is good for.
   */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Told when it begins to wait, and until when. */
  readonly onWaiting?: (until: Date) => void;
}

export interface IssuedCode {
  readonly username: string;
  readonly code: string;
  readonly expiresIn: number;
  readonly period: number;
}

interface Found extends Pick<AgentUserRow, "username" | "algorithm" | "digits" | "period" | "sealed_secret"> {
  /** Null where the requested name does not exist. */
  id: string | null;
  refusal: "disabled" | "not_granted" | "no_such_user" | "spent" | null;
}

/**
 * The current code of the agent at this place, or of another that granted it. Who may read is decided
 * in the one statement that also writes the audit row; the secret is opened only after that.
 */
export const issueCode =
  ({ db, keyRing, clock }: { db: Kysely<Tables>; keyRing: KeyRing; clock: Clock }) =>
  async (request: CodeRequest): Promise<IssuedCode> => {
    const keys = await keyRing.forWorkspace(request.place.workspaceId);
    const { found, now } = await findUsable(db, clock, request);
    if (!found) throw new PluginError("AGENT_USER_NOT_FOUND");
    if (found.refusal === "disabled") throw new PluginError("AGENT_USER_DISABLED");
    // One answer for a stranger's name and for a name that does not exist.
    if (found.refusal || found.id === null) {
      throw new PluginError("FORBIDDEN", {
        message: "You may read your own code only. Leave username empty.",
      });
    }
    return openCode(keys, { ...found, id: found.id }, now);
  };

type SealedAccount = Pick<
  AgentUserRow,
  "id" | "username" | "algorithm" | "digits" | "period" | "sealed_secret"
>;

/** Opens the secret and makes the code of this moment. The last step: whoever may have it was decided before. */
export function openCode(keys: WorkspaceKeys, account: SealedAccount, now: Date): IssuedCode {
  const { id, username, algorithm, digits, period } = account;
  const secret = keys.open(
    { table: "agent_user", rowId: id, column: "sealed_secret" },
    account.sealed_secret,
  );
  try {
    const code = generateCode(
      secret,
      { algorithm: algorithm as TotpAlgorithm, digits },
      counterAt(now, period),
    );
    return { username, code, expiresIn: secondsLeft(now, period), period };
  } finally {
    secret.fill(0);
  }
}

/**
 * The row and the moment the code is made for. A caller that will use the code (`minRemaining`) is not
 * handed one that is about to end or was accepted already: it waits, and is judged again.
 */
async function findUsable(
  db: Kysely<Tables>,
  clock: Clock,
  request: CodeRequest,
): Promise<{ found: Found | undefined; now: Date }> {
  const { minRemaining, place } = request;
  const { period } = defaultTotp;
  const find = place.workflowVersion === undefined ? findAndAudit : findCurrentAndAudit;
  if (secondsLeft(clock.now(), period) < Math.min(minRemaining, period))
    await untilNextWindow(clock, request);
  for (;;) {
    // One moment for the audit row and the code: the row names the very step that was handed out.
    const now = clock.now();
    const requested = namedSubject(request.requested);
    const [found] = await find(db, { ...place, ...auditOf(request, now), requested, minRemaining });
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

type Statement = AgentPlace & NewAuditEvent & { readonly requested: string; readonly minRemaining: number };
type StatementValue = <Name extends keyof Statement & string>(name: Name) => RawBuilder<Statement[Name]>;

const findAndAudit = compileStatement<Statement, Found>((value) => statement(value, false));
const findCurrentAndAudit = compileStatement<Statement, Found>((value) => statement(value, true));

const statement = (value: StatementValue, onlyCurrent: boolean) => sql<Found>`
    with me as (
      select u.* from agent_user u where ${isAt("u", {
        workspaceId: value("workspaceId"),
        host: value("host"),
        hostInstance: value("hostInstance"),
        workflowId: value("workflowId"),
        agentNodeId: value("agentNodeId"),
        workflowVersion: onlyCurrent ? value("workflowVersion") : undefined,
      })}
    ), found as (
      select me.username as asking, u.id, coalesce(u.username, ${value("requested")}) as username, u.algorithm, u.digits, u.period, u.sealed_secret,
        case
          when me.disabled_at is not null then 'disabled'
          when u.id is null then 'no_such_user'
          when u.id <> me.id and g.id is null then 'not_granted'
          when u.disabled_at is not null then 'disabled'
          when ${value("minRemaining")}::integer > 0 and u.last_counter >= ${value("counter")}::bigint then 'spent'
        end as refusal
      from me
      left join agent_user u on u.workspace_id = me.workspace_id
        and u.username = case when ${value("requested")} = '' then me.username else ${value("requested")} end
      left join agent_user_grant g on g.agent_user_id = u.id and g.reader_id = me.id
    ), audited as (
      ${insertAuditFrom("found", value, {
        on_behalf_of: sql`asking`,
        subject_id: sql`username`,
        result: sql`case when refusal is null then 'ok' else 'refused' end`,
        reason: sql`refusal`,
      })}
    )
    select * from found`;

const auditOf = ({ place, actor, runId, nodeId }: CodeRequest, at: Date): NewAuditEvent =>
  auditRow({
    workspaceId: place.workspaceId,
    at,
    actor,
    action: "code.read",
    subject: { kind: "agent_user", id: "" },
    counter: counterAt(at, defaultTotp.period),
    workflowId: place.workflowId,
    runId,
    nodeId,
  });
