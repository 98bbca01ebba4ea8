import type { Identity } from "../../../plugin/api/identities.ts";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import type { EntryGrant, EntryReader } from "../api/vault-endpoints.ts";

/** An entry as the server told of it. */
export interface KnownEntry {
  readonly entry: VaultEntryBody;
  /** Who was granted what; undefined where that is not ours to see. */
  readonly grants?: readonly EntryGrant[] | undefined;
  /** The people who may use it, by name; undefined where that is not ours to see. */
  readonly people?: readonly EntryReader[] | undefined;
}

/** The account of an agent on the canvas. */
export interface AgentAccount {
  readonly username: string;
  /** Undefined until the server has said. */
  readonly state: Identity["state"] | undefined;
}

/** What one agent may do with the entries of one name, as a run would find it. */
export type EntryStanding =
  | { readonly kind: "readable"; readonly entry: VaultEntryBody }
  /** Each of these could be granted. */
  | { readonly kind: "not_granted"; readonly entries: readonly KnownEntry[] }
  | { readonly kind: "no_codes" | "expired" | "pending" | "limited"; readonly entry: VaultEntryBody }
  | { readonly kind: "unknown" | "missing" | "ambiguous" | "hidden" | "no_account" | "clash" };

export interface StandingQuestion {
  /** All entries of the name. */
  readonly known: readonly KnownEntry[];
  readonly agent: AgentAccount;
  readonly workflowId: string;
  readonly now: number;
}

const isOf = ({ owner }: VaultEntryBody, username: string): boolean =>
  owner.kind === "agent_user" && owner.name === username;

export const grantOf = ({ grants }: KnownEntry, username: string): EntryGrant | undefined =>
  grants?.find(({ grantee }) => grantee.kind === "agent_user" && grantee.name === username);

/** The same order as the server's: the agent's own entry, then the one it was granted; of several granted, none. */
export function standingOf({ known, agent, workflowId, now }: StandingQuestion): EntryStanding {
  const { username, state } = agent;
  if (known.length === 0) return { kind: "missing" };
  if (state === undefined) return { kind: "unknown" };
  if (state === "none") return { kind: "no_account" };
  // A grant goes by the name, and would reach another account of that name.
  if (state === "clash") return { kind: "clash" };
  const own = known.find(({ entry }) => isOf(entry, username));
  if (own) return readableOr(own.entry, { now, manages: true });
  if (known.some(({ grants }) => grants === undefined)) return { kind: "hidden" };
  const [granted, another] = known.filter((each) => grantOf(each, username));
  if (another) return { kind: "ambiguous" };
  const grant = granted && grantOf(granted, username);
  if (granted && grant?.rights.includes("codes")) {
    const { decision, workflows } = grant.policy;
    if (decision === "deny" || workflows?.includes(workflowId) === false)
      return { kind: "limited", entry: granted.entry };
    return readableOr(granted.entry, { now, manages: grant.rights.includes("manage") });
  }
  // A grant without codes is found by a run before entries that are not granted at all.
  const offered = (granted ? [granted] : known).filter(({ entry }) => entry.one_time !== null);
  const [first] = known;
  if (offered.length === 0 && first) return { kind: "no_codes", entry: (granted ?? first).entry };
  return { kind: "not_granted", entries: offered };
}

function readableOr(
  entry: VaultEntryBody,
  { now, manages }: { readonly now: number; readonly manages: boolean },
): EntryStanding {
  if (entry.one_time === null) return { kind: "no_codes", entry };
  if (isExpired(entry, now)) return { kind: "expired", entry };
  if (entry.one_time.pending && !manages) return { kind: "pending", entry };
  return { kind: "readable", entry };
}

export const isExpired = ({ expires_at }: VaultEntryBody, now: number): boolean =>
  expires_at !== null && Date.parse(expires_at) <= now;

/** What granting means, shown before it is done. */
export const meaningOfGrant = (username: string, name: string): string =>
  `${username} will be able to read the codes of “${name}”; it can be taken away on the vault page.`;

/** What keeps an agent from the codes. Undefined where nothing does, or where it is not known yet. */
export function troubleOf({ kind }: EntryStanding, username: string, name: string): string | undefined {
  switch (kind) {
    case "readable":
    case "unknown":
      return undefined;
    case "missing":
      return `There is no entry “${name}” that you can see.`;
    case "ambiguous":
      return `Several entries named “${name}” are granted to ${username}, and a run picks none of them. Take a grant away.`;
    case "hidden":
      return `You may not see whether ${username} may read “${name}”.`;
    case "no_account":
      return `${username} has no account yet. Run Create Agent User first; then “${name}” can be granted to it.`;
    case "clash":
      return `The name ${username} belongs to another account, so nothing can be granted to this agent.`;
    case "not_granted":
      return `${username} may not read the codes of “${name}” yet.`;
    case "no_codes":
      return `“${name}” has no second factor, so it has no codes.`;
    case "expired":
      return `“${name}” has expired.`;
    case "pending":
      return `No code of “${name}” is confirmed yet, so agents get none.`;
    case "limited":
      return `The grant of ${username} has limits that refuse this workflow. Change them on the vault page.`;
  }
}
