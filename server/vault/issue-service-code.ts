import { randomUUID } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";
import { auditRow } from "../audit/audit-log.ts";
import { counterAt, generateCode, secondsLeft } from "../totp/totp.ts";
import { type CodeOutcome, useCode } from "./code-statement.ts";
import { traceOf } from "./find-entries.ts";
import { stillMay } from "./still-may.ts";
import type { AgentCaller, EntryRef, VaultCaller } from "./vault-caller.ts";
import { secretPlace } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface ServiceCodeRequest {
  readonly caller: VaultCaller | AgentCaller;
  readonly entry: EntryRef;
  /**
   * Seconds the code must still last. With fewer left the call waits for the next window; more than 0 also lets
   * it wait for a window of its own where codes are handed out once.
   */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Told when it begins to wait, and until when. */
  readonly onWaiting?: ((until: Date) => void) | undefined;
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

/** A difference of the clocks that is worth telling, in seconds. */
export const tolerableSkewSeconds = 5;

/** The code of an entry its caller may use. The seed is opened last, when everything else is settled. */
export const issueServiceCode =
  (parts: VaultParts) =>
  async (request: ServiceCodeRequest): Promise<ServiceCode> => {
    const { caller, minRemaining, signal, onWaiting } = request;
    const { keyRing, clock } = parts;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const asked = clock.now();
    const [found] = await ask(parts, request, asked);
    if (!found || found.refusal !== null || found.id === null) throw refusalOf(found, asked);
    const { id, period, counter } = found;
    if (period !== null && counter > counterAt(asked, period)) {
      const until = new Date(counter * period * 1000);
      onWaiting?.(until);
      await clock.sleep(until.getTime() - clock.now().getTime(), signal);
      if (!(await stillMay(parts, caller, found))) return issueServiceCode(parts)(request);
    }
    const now = clock.now();
    // Woken too late for what was asked: the window that begins next will do.
    const isLate = period !== null && counterAt(now, period) > counter;
    if (isLate || (period !== null && secondsLeft(now, period) < Math.min(minRemaining, period)))
      return issueServiceCode(parts)(request);
    const secret = keys.open(secretPlace(id), found.sealed_secret);
    try {
      return {
        id,
        name: found.name,
        code: generateCode(secret, found, counter),
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

function ask({ db }: VaultParts, { caller, entry, minRemaining }: ServiceCodeRequest, at: Date) {
  const place = "place" in caller ? caller.place : undefined;
  const use = useCode[place ? "place" : "account"]["id" in entry ? "id" : "name"];
  // Of the question to a person that this may become.
  const id = randomUUID();

  return use(db, {
    ...auditRow({
      ...traceOf(caller),
      ...(place ? { workflowId: place.workflowId } : {}),
      at,
      action: "vault.code_read",
      subject: { kind: "vault_entry", id: "id" in entry ? entry.id : "" },
    }),
    entry_id: "id" in entry ? entry.id : null,
    entry_name: "name" in entry ? entry.name : null,
    admin: "admin" in caller && caller.admin,
    caller_kind: "place" in caller ? "agent_user" : caller.kind,
    caller_id: "place" in caller ? null : caller.id,
    host: place?.host ?? null,
    host_instance: place?.hostInstance ?? null,
    agent_node_id: place?.agentNodeId ?? null,
    workflow_version: place?.workflowVersion ?? null,
    minRemaining,
    question_id: id,
  });
}

/** Whole seconds between two clocks, or null while nobody needs to know. */
export function skewSeconds(database: Date, server: Date): number | null {
  const seconds = Math.round((server.getTime() - database.getTime()) / 1000);
  return Math.abs(seconds) > tolerableSkewSeconds ? seconds : null;
}

function refusalOf(found: CodeOutcome | undefined, now: Date): PluginError {
  switch (found?.refusal) {
    case "no_agent":
      return new PluginError("AGENT_USER_NOT_FOUND");
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
    case "policy":
      return new PluginError("POLICY_REFUSED");
    case "too_many":
      return new PluginError("RATE_LIMITED", { retryAfterSeconds: 3_600 });
    case "approval":
      return new PluginError("APPROVAL_NEEDED", { retryAfterSeconds: 5 });
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
