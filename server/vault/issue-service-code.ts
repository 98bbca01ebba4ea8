import { randomUUID } from "node:crypto";
import type { ServiceCodeBody } from "../../plugin/api/vault.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import {
  type AgentNodeCaller,
  type AuthenticatedCaller,
  auditFactsOf,
  managesVault,
  ownerOf,
} from "../access/caller.ts";
import { askPeople } from "../approvals/ask-people.ts";
import { type BoundCall, bindCall } from "../approvals/bound-call.ts";
import { auditRow } from "../audit/audit-log.ts";
import { counterAt, generateCode, secondsLeft } from "../totp/totp.ts";
import { type CodeOutcome, useCode } from "./code-statement.ts";
import { heldToCanvas } from "./reach-of-key.ts";
import { isStillAllowed } from "./still-allowed.ts";
import { type EntryRef, grantedPerson, secretContext, type VaultParts } from "./vault-entry.ts";

export interface ServiceCodeRequest {
  readonly caller: AuthenticatedCaller | AgentNodeCaller;
  readonly entry: EntryRef;
  /**
   * Seconds the code must still last. With fewer left the call waits for the next window. More than 0 also lets it
   * wait for a window of its own where codes are given out once.
   */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Called when the wait begins, with its end. */
  readonly onWaiting?: ((until: Date) => void) | undefined;
  /** Why the model wants the code, in its words. People who are asked see it. */
  readonly reason?: string | undefined;
  /** Names the read where it is part of a larger one, which an approval opens as a whole. */
  readonly requestId?: string;
}

/** The code, and which entry it is of: the API says the name only. */
export type IssuedServiceCode = ServiceCodeBody & { readonly entry_id: string };

/** A difference of the clocks that is worth telling, in seconds. */
export const tolerableSkewSeconds = 5;

/** The code of an entry that its caller may use. The secret is opened last, after everything else is decided. */
export const issueServiceCode = (
  parts: VaultParts,
  request: ServiceCodeRequest,
): Promise<IssuedServiceCode> =>
  issueTo(parts, request, bindCall(request.caller, { requestId: request.requestId ?? randomUUID() }));

async function issueTo(
  parts: VaultParts,
  request: ServiceCodeRequest,
  call: BoundCall,
): Promise<IssuedServiceCode> {
  const { caller, minRemaining, signal, onWaiting } = request;
  const { keyRing, clock } = parts;
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const asked = clock.now();
  const [found] = await ask(parts, { ...request, call }, asked);
  if (found?.refusal === "approval" && found.id !== null) {
    await askPeople(parts, {
      caller,
      call,
      subject: { kind: "vault_entry", id: found.id, name: found.name },
      policy: found.ask,
      grantId: found.asking_grant,
      reader: found.asking ?? caller.name,
      reason: request.reason,
    });
    return issueTo(parts, request, call);
  }
  if (!found || found.refusal !== null || found.id === null) throw refusalOf(found, asked);
  const { id, period, counter } = found;
  if (period !== null && counter > counterAt(asked, period)) {
    const until = new Date(counter * period * 1000);
    onWaiting?.(until);
    await clock.sleep(until.getTime() - clock.now().getTime(), signal);
    if (!(await isStillAllowed(parts, caller, { found, call }))) return issueTo(parts, request, call);
  }
  const now = clock.now();
  // The wait took longer than the window that was asked for: the next window will do.
  const isLate = period !== null && counterAt(now, period) > counter;
  if (isLate || (period !== null && secondsLeft(now, period) < Math.min(minRemaining, period)))
    return issueTo(parts, request, call);
  const skew = skewSeconds(found.database_now, asked);
  const secret = keys.open(secretContext(id), found.sealed_secret);
  try {
    return {
      entry_id: id,
      name: found.name,
      code: generateCode(secret, found, counter),
      type: found.otp_type,
      digits: found.digits,
      expires_in: period === null ? null : secondsLeft(now, period),
      period,
      backup_codes_remaining: found.backup_codes,
      server_time: now.toISOString(),
      ...(skew === null ? {} : { clock_skew_seconds: skew }),
    };
  } finally {
    secret.fill(0);
  }
}

function ask(
  { db }: VaultParts,
  { caller, entry, minRemaining, call }: ServiceCodeRequest & { readonly call: BoundCall },
  at: Date,
) {
  const isNode = caller.kind === "agent_node";
  const location = isNode ? caller.location : undefined;
  const owner = isNode ? undefined : ownerOf(caller);
  const person = grantedPerson(caller);
  const held = heldToCanvas(caller);
  const use = useCode[isNode ? "location" : person ? "person" : "account"]["id" in entry ? "id" : "name"];
  return use(db, {
    ...auditRow({
      ...auditFactsOf(caller),
      at,
      action: "vault.code_read",
      subject: { kind: "vault_entry", id: "id" in entry ? entry.id : "" },
    }),
    entry_id: "id" in entry ? entry.id : null,
    entry_name: "name" in entry ? entry.name : null,
    admin: managesVault(caller),
    caller_kind: person ? "person" : (owner?.kind ?? "agent_user"),
    caller_id: person?.personId ?? owner?.id ?? null,
    caller_roles: person?.roles ?? [],
    host: location?.host ?? null,
    host_instance: location?.hostInstance ?? null,
    agent_node_id: location?.agentNodeId ?? null,
    workflow_version: location?.workflowVersion ?? null,
    held_to_agent: held?.agentNodeId ?? null,
    held_to_workflow: held?.workflowId ?? null,
    minRemaining,
    ...call,
  });
}

/** Whole seconds between two clocks; null while they are close enough. */
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
    case "off_canvas":
      return new PluginError("FORBIDDEN", {
        message:
          "This agent's grant holds on its canvas only. Wire Vault TOTP to the agent there, or let the grant hold outside the canvas too.",
      });
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
    case "in_use": {
      const period = found.period ?? 30;
      // The row may have been read before the caller that took this window wrote it.
      const taken = Math.max(found.last_counter, counterAt(now, period));
      const free = (taken + 1) * period * 1000;
      return new PluginError("CODE_IN_USE", {
        retryAfterSeconds: Math.max(1, Math.ceil((free - now.getTime()) / 1000)),
      });
    }
    default:
      return new PluginError("VAULT_ENTRY_NOT_FOUND");
  }
}
