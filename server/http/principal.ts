import type { Scope } from "../../plugin/api/scopes.ts";
import type { Actor } from "../audit/audit-log.ts";

/** Who sends a request, and what they may do in which workspace. */
export type Principal = PersonPrincipal | ServiceKeyPrincipal | AgentUserPrincipal;

interface Common {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Somebody signed in to the studio. */
export interface PersonPrincipal extends Common {
  readonly kind: "person";
  readonly sessionId: string;
}

export interface ServiceKeyPrincipal extends Common {
  readonly kind: "service_key";
  /** Absent for the administrator's own key, which is no row of the database. */
  readonly keyId?: string;
  /** The host instance a key of scope hosts:call speaks for; null before its first call. */
  readonly boundTo?: { readonly host: string; readonly hostInstance: string } | null;
}

export interface AgentUserPrincipal extends Common {
  readonly kind: "agent_user";
  readonly agentUserId: string;
  readonly host: string;
  readonly hostInstance: string;
  readonly workflowId: string;
  readonly agentNodeId: string;
  /** Whether the key was proven together with a code. */
  readonly session: boolean;
}

export const hasScope = (principal: Principal, scope: Scope): boolean =>
  principal.scopes.has("admin") || principal.scopes.has(scope);

/** Only a key that was made for it speaks for a builder: an administrator's is bound to none. */
export const speaksForHost = (
  principal: Principal,
): principal is ServiceKeyPrincipal & { readonly keyId: string } =>
  principal.kind === "service_key" && principal.keyId !== undefined && principal.scopes.has("hosts:call");

export const actorOf = (principal: Principal, ip: string): Actor => ({
  kind: principal.kind,
  id: principal.name,
  ip,
});
