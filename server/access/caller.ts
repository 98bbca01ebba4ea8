import type { SignInWay } from "../../plugin/api/people.ts";
import { type Scope, scopes } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, scopesOfRoles } from "../../plugin/roles.ts";
import { type Actor, systemActor } from "../audit/audit-log.ts";
import { type Member, memberActor, nameOfMember } from "./members.ts";

/**
 * Who is calling. This room decides it once, from what the request proved or from the graph that runs, and every
 * other room passes it down unchanged. Nothing that a body or a model says changes it.
 */
export type Caller =
  | PersonCaller
  | ServiceKeyCaller
  | HostCaller
  | EmbeddedCaller
  | AgentUserCaller
  | AgentNodeCaller
  | SourceCaller
  | AnonymousCaller;

/**
 * How a caller proved who it is. `graph`: the runner knows which agent node asks. `tool`: the tool of such an agent calls
 * this server. `process`: the program runs this
 * server in its own process.
 */
export type ProvenBy =
  | "cookie"
  | "admin_key"
  | "service_key"
  | "api_key"
  | "session"
  | "mcp_token"
  | "proxy"
  | "tool"
  | "workload_token"
  | "graph"
  | "process";

/** Tools send it with every request of theirs, so that this server knows one that comes to it over the network. */
export const toolHeader = "x-totem-tool";

interface CommonCaller {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Absent for a source of messages and for an anonymous caller. */
  readonly provenBy?: ProvenBy;
  /** What the audit log says of this caller. */
  readonly actor: Actor;
  /** The call this one is part of, where there is one. */
  readonly trace?: CallTrace;
}

/** Where in a run, or on a canvas, a call happens. The audit log stores it. */
export interface CallTrace {
  readonly workflowId?: string | undefined;
  readonly runId?: string | undefined;
  readonly nodeId?: string | undefined;
  /** The same when a call is repeated after a crash, different for every other call. */
  readonly callId?: string | undefined;
}

/** A person who is signed in to the studio. */
export interface PersonCaller extends CommonCaller {
  readonly kind: "person";
  readonly sessionId: string;
  /** null where the session is from before there were people. */
  readonly personId: string | null;
  readonly roles: readonly Role[];
  readonly signedInBy: SignInWay;
  readonly signedInAt: Date;
  /** When the person last gave a fresh proof. */
  readonly provedAt: Date | null;
}

export interface ServiceKeyCaller extends CommonCaller {
  readonly kind: "service_key";
  /** Absent for the administrator's own key, which is no row of the database. */
  readonly keyId?: string;
}

/** A service key of scope hosts:call: it speaks for one installation of another builder. */
export interface HostCaller extends CommonCaller {
  readonly kind: "host";
  readonly keyId: string;
  /** null before the key's first call. */
  readonly boundTo: HostInstance | null;
  /** Its requests count only when a key pair of the installation has signed them. */
  readonly mustSign: boolean;
}

/** A program that embeds Totem. It speaks for its own installation. */
export interface EmbeddedCaller extends CommonCaller {
  readonly kind: "embedded";
  readonly boundTo: HostInstance;
}

/** One installation of a builder. */
export interface HostInstance {
  readonly host: string;
  readonly hostInstance: string;
}

export interface AgentUserCaller extends CommonCaller {
  readonly kind: "agent_user";
  readonly agentUserId: string;
  readonly location: AgentLocation;
  /** The tools that it has over MCP besides those wired to it. */
  readonly mcpTools: ReadonlySet<string>;
}

/** An agent on a canvas. The statement that serves it finds its account by its location. */
export interface AgentNodeCaller extends CommonCaller {
  readonly kind: "agent_node";
  readonly location: AgentLocation;
}

/** Totem's own canvas, as the host of an agent. No other builder may have this name. */
export const studioHostName = "totem";

/** Where an agent stands: its identity is bound to this and to nothing else. */
export interface AgentLocation {
  readonly host: string;
  readonly hostInstance: string;
  readonly workflowId: string;
  readonly agentNodeId: string;
  /**
   * Set where the graph was read before the statement: then no agent is found at this location unless that version
   * is still the current one. Unset in runs, which execute a fixed version.
   */
  readonly workflowVersion?: number;
}

/** A source of messages: it delivers to the addresses of its workspace, and owns nothing. */
export interface SourceCaller extends CommonCaller {
  readonly kind: "source";
  readonly sourceId: string;
}

/** A request that proves nothing, on a route that is public, or mail from outside. */
export interface AnonymousCaller extends CommonCaller {
  readonly kind: "anonymous";
}

/** Who a request can prove to be. */
export type AuthenticatedCaller = PersonCaller | ServiceKeyCaller | HostCaller | AgentUserCaller;

export const isAdministrator = (caller: Caller): boolean => caller.scopes.has("admin");

export const hasScope = (caller: Caller, scope: Scope): boolean =>
  isAdministrator(caller) || caller.scopes.has(scope);

/**
 * Whether a caller runs the whole vault, or the whole inbox, of its workspace: an administrator, and a person whose
 * role says so. A program reaches what is its own or was granted, whatever its scopes.
 */
export const managesVault = (caller: Caller): boolean => runs(caller, "vault:write");
export const managesInbox = (caller: Caller): boolean => runs(caller, "mail:manage");
const runs = (caller: Caller, scope: Scope): boolean =>
  isAdministrator(caller) || (caller.kind === "person" && caller.scopes.has(scope));

/** Whether a caller sees what there is, and opens none of it by that. */
export const readsLists = (caller: Caller): boolean => hasScope(caller, "lists:read");

/** A person who reaches only what a grant names. */
export interface GrantedPerson {
  readonly personId: string;
  readonly roles: readonly Role[];
}

/** Who owns what a caller creates: an agent user or a service key itself, a person the workspace. */
export interface Owner {
  readonly kind: "administrator" | "service_key" | "agent_user";
  /** The workspace's own where the owner is the administrator. */
  readonly id: string;
}

export function ownerOf(caller: AuthenticatedCaller): Owner {
  switch (caller.kind) {
    case "agent_user":
      return { kind: "agent_user", id: caller.agentUserId };
    case "host":
      return { kind: "service_key", id: caller.keyId };
    case "service_key":
      return caller.keyId === undefined
        ? { kind: "administrator", id: caller.workspaceId }
        : { kind: "service_key", id: caller.keyId };
    case "person":
      return { kind: "administrator", id: caller.workspaceId };
  }
}

/** What the audit log says of everything that this caller does. */
export const auditFactsOf = ({ workspaceId, actor, trace }: Caller) => ({
  workspaceId,
  actor,
  workflowId: trace?.workflowId,
  runId: trace?.runId,
  nodeId: trace?.nodeId,
});

/** Who made something, as its row says it: the name of the time, and of a person also the id. */
export const createdByOf = (caller: Caller) => ({
  created_by: caller.name,
  created_by_person: caller.kind === "person" ? caller.personId : null,
});

const noScopes: ReadonlySet<Scope> = new Set();
const noTools: ReadonlySet<string> = new Set();

/** The agent at a location, as the graph says. `actor` is who called its tool; in a run the agent itself. */
export const agentNodeCaller = ({
  workspaceId,
  location,
  actor = { kind: "agent_node", id: location.agentNodeId },
  trace,
}: Pick<AgentNodeCaller, "workspaceId" | "location" | "trace"> & {
  readonly actor?: Actor;
}): AgentNodeCaller => ({
  kind: "agent_node",
  name: location.agentNodeId,
  workspaceId,
  scopes: noScopes,
  provenBy: "graph",
  actor,
  trace: {
    workflowId: location.workflowId,
    runId: trace?.runId,
    nodeId: trace?.nodeId,
    callId: trace?.callId,
  },
  location,
});

/** Totem itself, where a call from outside did not prove anything or where there was no call. */
export const systemCaller = (workspaceId: string, name: string): AnonymousCaller => ({
  kind: "anonymous",
  name,
  workspaceId,
  scopes: noScopes,
  actor: systemActor,
});

/** How the audit log and the studio name the administrator's key of the environment or the data folder. */
export const administratorKeyName = "totem_admin";

/** The administrator's own key, which is no row of the database. */
export const administratorCaller = (workspaceId: string, ip?: string): ServiceKeyCaller => ({
  kind: "service_key",
  name: administratorKeyName,
  workspaceId,
  scopes: new Set(scopes),
  provenBy: "admin_key",
  actor: { kind: "service_key", id: administratorKeyName, ip },
});

/** A session as the database has it. A session from before there were people has no person: it may do all it could. */
interface SessionFacts {
  readonly id: string;
  readonly workspaceId: string;
  readonly person: Member | null;
  readonly signedInBy: SignInWay;
  readonly signedInAt: Date;
  readonly provedAt: Date | null;
}

export function personCaller(
  { id, workspaceId, person, signedInBy, signedInAt, provedAt }: SessionFacts,
  ip: string,
): PersonCaller {
  const held: readonly Role[] = person?.roles ?? ["owner"];
  return {
    kind: "person",
    name: person ? nameOfMember(person) : "administrator",
    sessionId: id,
    personId: person?.id ?? null,
    roles: held,
    workspaceId,
    scopes: scopesOfRoles(held),
    provenBy: "cookie",
    actor: person ? memberActor(person, ip) : { kind: "person", id: "administrator", ip },
    signedInBy,
    signedInAt,
    provedAt,
  };
}

/** The same agent by its account, for the rooms in which accounts own things. */
export const agentUserOfNode = (
  agent: AgentNodeCaller,
  account: { readonly id: string; readonly username: string; readonly scopes: readonly Scope[] },
): AgentUserCaller => ({
  ...agent,
  kind: "agent_user",
  name: account.username,
  scopes: new Set(account.scopes),
  actor: { ...agent.actor, onBehalfOf: account.username },
  agentUserId: account.id,
  mcpTools: noTools,
});

/** The program that runs this server in its own process. */
export function embeddedCaller(workspaceId: string, boundTo: HostInstance): EmbeddedCaller {
  const name = `${boundTo.host}/${boundTo.hostInstance}`;
  return {
    kind: "embedded",
    name,
    workspaceId,
    scopes: new Set(["hosts:call"]),
    provenBy: "process",
    actor: { kind: "system", id: name },
    boundTo,
  };
}

/** A source may deliver to every address of its workspace, as a service key may. */
export const sourceCaller = (
  source: { readonly id: string; readonly name: string; readonly workspace_id: string },
  actor: Actor,
): SourceCaller => ({
  kind: "source",
  sourceId: source.id,
  name: source.name,
  workspaceId: source.workspace_id,
  scopes: new Set(["mail:manage"]),
  actor,
});

/** Mail from outside: its sender has proved nothing to us. */
export const mailCaller = (workspaceId: string): AnonymousCaller => systemCaller(workspaceId, "mail");

/** Where the holder of an exchanged token asks for access that would outlive it. */
export const nothingLasting = (): PluginError =>
  new PluginError("FORBIDDEN", {
    message:
      "A token that was exchanged makes, changes and shows nothing that outlives it. A person or a key does that.",
  });
