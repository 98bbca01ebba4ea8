import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { auditRow, insertAuditFrom } from "../audit/audit-log.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { NewAuditEvent, VaultPrincipalKind } from "../database/tables.ts";
import { counterAt, generateCode, secondsLeft, type TotpAlgorithm } from "../totp/totp.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import { allRights, type EntryRef, type VaultCaller } from "./vault-caller.ts";
import { secretPlace } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface ServiceCodeRequest {
  readonly caller: VaultCaller;
  readonly entry: EntryRef;
  /**
   * Seconds the code must still last. With fewer left the call waits for the next window; more than 0 also lets
   * it wait for a window of its own where codes are handed out once.
   */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Told when it begins to wait, and until when. */
  readonly onWaiting?: (until: Date) => void;
}

export interface ServiceCode {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly digits: number;
  readonly type: "totp" | "hotp";
  /** Seconds, 1 to `period`; null for HOTP, whose codes last until they are used. */
  readonly expiresIn: number | null;
  readonly period: number | null;
  readonly backupCodes: number;
  /** This server's clock when the code was made. */
  readonly serverTime: Date;
  /** Seconds between this server's clock and the database's, where they are further apart than they should be. */
  readonly clockSkewSeconds: number | null;
}

/** As many windows as one call waits for: further ahead is a queue, and the caller is told to come back. */
const windowsAhead = 2;
/** A difference of the clocks that is worth telling, in seconds. */
export const tolerableSkewSeconds = 5;

type Refusal = "no_such_entry" | "ambiguous" | "not_granted" | "no_secret" | "expired" | "pending" | "in_use";

interface Outcome {
  readonly id: string | null;
  readonly name: string;
  readonly refusal: Refusal | null;
  readonly otp_type: "totp" | "hotp";
  readonly algorithm: TotpAlgorithm;
  readonly digits: number;
  readonly period: number | null;
  readonly sealed_secret: string;
  /** The step or counter the code is made for; it may be ahead of the clock. */
  readonly counter: number;
  readonly last_counter: number;
  readonly backup_codes: number;
  readonly database_now: Date;
}

/**
 * The code of an entry its caller may use. Who may, which step it gets and the trace of it are one statement;
 * a step that is handed out once is reserved there, so that two callers never share one. The seed is opened last.
 */
export const issueServiceCode =
  (parts: VaultParts) =>
  async (request: ServiceCodeRequest): Promise<ServiceCode> => {
    const { caller, entry, minRemaining, signal, onWaiting } = request;
    const { db, keyRing, clock } = parts;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const asked = clock.now();
    const [found] = await findAndUse(db, {
      ...auditRow({
        ...traceOf(caller),
        at: asked,
        action: "vault.code_read",
        subject: { kind: "vault_entry", id: "id" in entry ? entry.id : "" },
      }),
      entry_id: "id" in entry ? entry.id : null,
      entry_name: "name" in entry ? entry.name : null,
      admin: caller.admin,
      caller_kind: caller.kind,
      caller_id: caller.id,
      minRemaining,
    });
    if (!found || found.refusal !== null || found.id === null) throw refusalOf(found, asked);
    const { id, period } = found;
    let sealed = found.sealed_secret;
    if (period !== null && found.counter > counterAt(asked, period)) {
      const until = new Date(found.counter * period * 1000);
      onWaiting?.(until);
      await clock.sleep(until.getTime() - clock.now().getTime(), signal);
      sealed = await sealedNow(parts, caller, id);
    }
    const now = clock.now();
    // Woken too late for what was asked: the window that begins next will do.
    if (
      period !== null &&
      (counterAt(now, period) > found.counter || secondsLeft(now, period) < Math.min(minRemaining, period))
    )
      return issueServiceCode(parts)(request);
    const secret = keys.open(secretPlace(id), sealed);
    try {
      return {
        id,
        name: found.name,
        code: generateCode(secret, found, found.counter),
        digits: found.digits,
        type: found.otp_type,
        expiresIn: period === null ? null : secondsLeft(now, period),
        period,
        backupCodes: found.backup_codes,
        serverTime: now,
        clockSkewSeconds: skewSeconds(found.database_now, asked),
      };
    } finally {
      secret.fill(0);
    }
  };

/** Whole seconds between two clocks, or null while nobody needs to know. */
export function skewSeconds(database: Date, server: Date): number | null {
  const seconds = Math.round((server.getTime() - database.getTime()) / 1000);
  return Math.abs(seconds) > tolerableSkewSeconds ? seconds : null;
}

/** After a wait: the seed may have been replaced, the entry deleted, the grant taken away. */
async function sealedNow(parts: VaultParts, caller: VaultCaller, id: string): Promise<string> {
  await findEntry(parts)(caller, { id }, "codes");
  const row = await parts.db
    .selectFrom("vault_entry")
    .select("sealed_secret")
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.sealed_secret) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
  return row.sealed_secret;
}

function refusalOf(found: Outcome | undefined, now: Date): PluginError {
  switch (found?.refusal) {
    case "not_granted":
      return new PluginError("FORBIDDEN", { message: "You may not read the codes of this entry." });
    case "ambiguous":
      return new PluginError("VAULT_NAME_AMBIGUOUS");
    case "no_secret":
      return new PluginError("VAULT_ENTRY_HAS_NO_CODES");
    case "expired":
      return new PluginError("VAULT_ENTRY_EXPIRED");
    case "pending":
      return new PluginError("VAULT_ENTRY_PENDING");
    case "in_use": {
      const period = found.period ?? 30;
      const free = (found.last_counter + 1) * period * 1000;
      return new PluginError("CODE_IN_USE", {
        retryAfterSeconds: Math.max(1, Math.ceil((free - now.getTime()) / 1000)),
      });
    }
    default:
      return new PluginError("VAULT_ENTRY_NOT_FOUND");
  }
}

interface Statement extends NewAuditEvent {
  readonly entry_id: string | null;
  readonly entry_name: string | null;
  readonly admin: boolean;
  readonly caller_kind: VaultPrincipalKind;
  readonly caller_id: string;
  readonly minRemaining: number;
}
type Value = <Name extends keyof Statement & string>(name: Name) => RawBuilder<Statement[Name]>;

const every = sql.lit(`{${allRights.join(",")}}`);

/** `own`, what else is visible, and the step that is wanted: the one after this when too little of this is left. */
const candidates = (value: Value) => sql`
  select e.*, own,
    floor(extract(epoch from ${value("at")}::timestamptz) / e.period)::bigint as step,
    case when own or ${value("admin")}::boolean then ${every}::text[] else g.rights end as rights
  from vault_entry e
  left join vault_grant g on g.entry_id = e.id
    and g.grantee_kind = ${value("caller_kind")} and g.grantee_id = ${value("caller_id")}::uuid
  cross join lateral (select e.owner_kind = ${value("caller_kind")} and e.owner_id = ${value("caller_id")}::uuid as own) o
  where e.workspace_id = ${value("workspace_id")}::uuid
    and (e.id = ${value("entry_id")}::uuid or e.name = ${value("entry_name")}::text)
    and (own or ${value("admin")}::boolean or g.id is not null)
  order by own desc limit 2`;

const findAndUse = compileStatement<Statement, Outcome>(
  (value) => sql<Outcome>`
    with candidate as (${candidates(value)}
    ), found as (
      select c.*,
        case when c.period - extract(epoch from ${value("at")}::timestamptz)::bigint % c.period
          < least(${value("minRemaining")}::integer, c.period) then c.step + 1 else c.step end as wanted,
        case
          when not c.own and (select count(*) from candidate) > 1 then 'ambiguous'
          when not 'codes' = any(c.rights) then 'not_granted'
          when c.sealed_secret is null then 'no_secret'
          when c.expires_at <= ${value("at")}::timestamptz then 'expired'
          when c.pending and not 'manage' = any(c.rights) then 'pending'
        end as refusal
      from candidate c order by c.own desc limit 1
    ), used as (
      update vault_entry e set
        last_used_at = ${value("at")}::timestamptz,
        last_counter = case when e.single_use and e.period is not null
          then greatest(f.wanted, e.last_counter + 1) else e.last_counter end,
        hotp_counter = e.hotp_counter + 1
      from found f
      where e.id = f.id and f.refusal is null and e.sealed_secret is not null
        and (not e.single_use or e.period is null or e.last_counter < f.wanted
          or (${value("minRemaining")}::integer > 0 and e.last_counter < f.step + ${sql.lit(windowsAhead)}))
      returning e.*, case when e.period is null then e.hotp_counter - 1
        when e.single_use then e.last_counter else f.wanted end as counter
    ), outcome as (
      select f.id, f.name, coalesce(u.otp_type, f.otp_type) as otp_type, coalesce(u.algorithm, f.algorithm) as algorithm,
        coalesce(u.digits, f.digits) as digits, coalesce(u.period, f.period) as period, u.sealed_secret, u.counter, f.last_counter,
        case when f.id is null then 'no_such_entry' when f.refusal is not null then f.refusal
          when u.id is null then 'in_use' end as refusal
      from (select 1) one left join found f on true left join used u on true
    ), audited as (
      ${insertAuditFrom("outcome", value, {
        subject_id: sql`coalesce(outcome.id::text, ${value("subject_id")}::text)`,
        result: sql`case when outcome.refusal is null then 'ok' else 'refused' end`,
        reason: sql`outcome.refusal`,
        counter: sql`outcome.counter`,
      })}
    )
    select o.*, clock_timestamp() as database_now,
      (select count(*) from vault_backup_code b where b.entry_id = o.id and b.used_at is null) as backup_codes
    from outcome o`,
);
