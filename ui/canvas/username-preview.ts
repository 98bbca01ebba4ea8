import { agentToolsHandle } from "../../plugin/handles.ts";
import { findCard } from "../../plugin/node-cards.ts";
import { usernameOf } from "../../plugin/username.ts";

/** The state of an identity, as the server lists it. An agent that the server does not know yet is `none`. */
export type IdentityStanding = "none" | "active" | "disabled" | "locked" | "clash";

export interface UsernamePreview {
  readonly username: string;
  /** What it means for the wire that is dragged. */
  readonly words: string;
  /** The name belongs to another account: this agent will not get one. */
  readonly clash: boolean;
}

const words: Readonly<Record<IdentityStanding, string>> = {
  none: "account will be created",
  active: "has its account",
  locked: "account locked for now",
  disabled: "account disabled",
  clash: "belongs to another account",
};

/** The name that a tool acts under when it is wired to this agent. The server uses the same rule. */
export const previewOf = (
  slug: string,
  agentNodeId: string,
  standing: IdentityStanding = "none",
): UsernamePreview => ({
  username: usernameOf(slug, agentNodeId),
  words: words[standing],
  clash: standing === "clash",
});

interface End {
  readonly nodeId: string;
  readonly handleId: string | null;
  readonly nodeType: string | undefined;
}

/**
 * The agent whose identity the dragged wire would give to a tool. It is known at once when the wire
 * starts at an agent's Tools, else when the wire is over an agent.
 */
export function agentInView(
  from: End,
  over: { readonly id: string; readonly type?: string } | undefined,
): string | undefined {
  const kindOf = (type: string | undefined) => findCard(type ?? "")?.kind;
  if (kindOf(from.nodeType) === "agent")
    return from.handleId === agentToolsHandle.id ? from.nodeId : undefined;
  return kindOf(from.nodeType) === "tool" && kindOf(over?.type) === "agent" ? over?.id : undefined;
}
