import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { type AuthenticatedCaller, type Caller, hasScope, nothingLasting } from "./caller.ts";
import type { SignatureProblem } from "./host-signature.ts";

/**
 * Who may use a route. Every route declares it, and four questions are answered here:
 *
 * - Who gets in? `may` by scope; `only` by kind; `agent` for agent users; `granted` for people without the scope; `tools`
 *   for what a model calls.
 * - How is the caller known? By a bearer token or the cookie; `keyHeaders`, `pathToken` and `knowsCaller` add to that.
 * - Is that enough? `fresh` asks people for a fresh proof; `lasting` says what is closed to tokens that were exchanged.
 * - From where may a browser come? From our own pages; `anyName` and `opened` allow more.
 */
export interface Access {
  /** `public`: no caller is needed. `anyone`: any caller. Otherwise one of these scopes. */
  readonly may: "public" | "anyone" | readonly Scope[];
  /**
   * `people`: what is a person's own; no program has it. `hosts`: a key of scope hosts:call, which speaks for one host
   * instance; not an administrator's. `admin_key`: the key that the server's command line has; no person, and no key
   * of the database.
   */
  readonly only?: "people" | "hosts" | "admin_key";
  /** What an agent user needs here: its key, or a session opened with key and code. Without it no agent user is let in. */
  readonly agent?: "key" | "session";
  /** A person without these scopes comes in too, and finds what a grant names: that person, or one of the roles. */
  readonly granted?: true;
  /**
   * An agent's tool may call it: its answer, which a model reads, never carries a secret. Absent: closed to tools.
   * `handles`: a handle in the body is replaced by its secret, of which the route stores and answers nothing.
   */
  readonly tools?: true | "handles";

  /** Headers in which a dialect's clients send their key when they send no bearer token. */
  readonly keyHeaders?: readonly string[];
  /** The parameter of the path that holds the token, for callers that cannot set headers. Then nothing else counts. */
  readonly pathToken?: string;
  /** A public route that does something else for a caller it knows. */
  readonly knowsCaller?: true;

  /**
   * It makes, shows or widens access that outlives the request. A token that was exchanged has none of it: with its end
   * all ends. Absent: so does each route that is more than a read. `false`: this one does not.
   */
  readonly lasting?: boolean;
  /** An installation brings a new key pair here: the request is signed with that one, not with one that is known. */
  readonly brings?: "key_pair";

  /** People need a fresh proof here: it cannot be undone, or it shows a secret. */
  readonly fresh?: true;

  /** Programs call it by any name of this server. It says nothing that a page could use. */
  readonly anyName?: true;
  /** A document that a person may open from elsewhere: by a link, a bookmark, or on the way back from another site. */
  readonly opened?: true;
}

/** What is a person's own: each person has it, whatever their roles. */
export const ownOfPerson: Access = { may: "anyone", only: "people" };

export const sessionNeeded = "Open a session with your key and a code first: POST /api/v1/auth/session.";

/** Throws FORBIDDEN where this caller may not use a route. `isRead`: the request is one that changes nothing. */
export function authorize(
  caller: AuthenticatedCaller,
  access: Access,
  { isRead }: { readonly isRead: boolean },
): void {
  const { may } = access;
  const mayHaveGrant = access.granted === true && caller.kind === "person";
  if (typeof may !== "string" && !mayHaveGrant && !may.some((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN", { message: whatIsMissing(caller, may) });
  if ((access.lasting ?? !isRead) && caller.provenBy === "workload_token") throw nothingLasting();
  if (access.only === "people" && caller.kind !== "person")
    throw new PluginError("FORBIDDEN", { message: "Only people have this." });
  if (access.only === "admin_key" && caller.provenBy !== "admin_key") throw new PluginError("FORBIDDEN");
  if (access.only === "hosts" && caller.kind !== "host")
    throw new PluginError("FORBIDDEN", {
      message: "Use a service key of scope hosts:call: it speaks for one host instance.",
    });
  if (caller.kind !== "agent_user") return;
  if (access.agent === undefined) throw new PluginError("FORBIDDEN");
  if (access.agent === "session" && !hasSession(caller))
    throw new PluginError("FORBIDDEN", { message: sessionNeeded });
}

/** A key alone proves no session. An agent's own tool proves as much: the graph says whose it is. */
export const hasSession = ({ provenBy }: AuthenticatedCaller): boolean =>
  provenBy === "session" || provenBy === "tool";

/** Says what would open the route, and who can give it. */
function whatIsMissing({ kind }: AuthenticatedCaller, scopes: readonly Scope[]): string | undefined {
  if (kind === "agent_user") return undefined;
  const needed = `${scopes.length > 1 ? "one of the scopes" : "the scope"} ${scopes.join(", ")}`;
  return kind === "person"
    ? `Your roles may not do that. It needs ${needed}. An owner or administrator can change your roles.`
    : `This key may not do that. It needs ${needed}.`;
}

/** Where one of a route's scopes is not enough for a person or a program. For agents the edges decide. */
export function requireScopes(caller: Caller, scopes: readonly Scope[]): void {
  if (caller.kind !== "agent_user" && !scopes.every((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN");
}

/** No caller makes or gets a key that may more than it may itself. */
export function requireNoWiderScopes(caller: Caller, scopes: readonly Scope[]): void {
  if (!scopes.every((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN", { message: "This key may more than you may." });
}

interface Refusal {
  readonly subject: { readonly kind: string; readonly id: string };
  readonly reason: "forbidden" | "not_own" | SignatureProblem;
}

/** Records that a caller asked for what it may not do (ASVS 16.3.2). */
export function auditRefusal(
  { db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock },
  { workspaceId, actor }: Caller,
  refusal: Refusal,
): Promise<void> {
  const facts = {
    workspaceId,
    at: clock.now(),
    actor,
    action: "request.refused",
    result: "refused",
  } as const;
  return writeAuditEvent(db, { ...facts, ...refusal });
}
