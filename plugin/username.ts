/**
 * The names of agent users, `agent_<workflow slug>_<agent node id>`, and the mail addresses made of them. The form
 * is documented and never changes: agents find each other by it, and the canvas shows it before the account exists.
 */
export const usernamePrefix = "agent_";

/** Part of usernames, URLs and log lines: plain printable ASCII without spaces and slashes. */
export const nodeIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/** A slug has no `_`, so a username can be read in one way only. */
const slugPattern = /^[a-z0-9-]{1,100}$/;

/** @example usernameOf("support-desk", "agent_k3x9") // "agent_support-desk_agent_k3x9" */
export const usernameOf = (workflowSlug: string, agentNodeId: string): string =>
  `${usernamePrefix}${workflowSlug}_${agentNodeId}`;

/** @example parseUsername("agent_support-desk_agent_k3x9") // { workflowSlug: "support-desk", agentNodeId: "agent_k3x9" } */
export function parseUsername(username: string): { workflowSlug: string; agentNodeId: string } | undefined {
  if (!username.startsWith(usernamePrefix)) return undefined;
  const [workflowSlug = "", ...rest] = username.slice(usernamePrefix.length).split("_");
  const agentNodeId = rest.join("_");
  return slugPattern.test(workflowSlug) && nodeIdPattern.test(agentNodeId)
    ? { workflowSlug, agentNodeId }
    : undefined;
}

/** What follows a username in its mail address; nothing where the server takes no mail. */
export const addressSuffix = (mailDomain: string | undefined): string =>
  mailDomain === undefined ? "" : `@${mailDomain}`;

/** The address at which an agent user gets mail; null where the server takes none. */
export const agentAddress = (username: string, mailDomain: string | undefined): string | null =>
  mailDomain === undefined ? null : `${username}${addressSuffix(mailDomain)}`.toLowerCase();

/**
 * The username in a lower-case address, in lower case too: "agent_desk_a+shop@our.example" and "agent_desk_a" both name
 * agent_desk_a. An address at another domain names no agent user.
 */
export function usernameInAddress(address: string, mailDomain: string | undefined): string | undefined {
  const at = address.lastIndexOf("@");
  if (at >= 0 && address.slice(at) !== addressSuffix(mailDomain).toLowerCase()) return undefined;
  const [local = ""] = (at >= 0 ? address.slice(0, at) : address).split("+");
  return parseUsername(local) && local;
}
