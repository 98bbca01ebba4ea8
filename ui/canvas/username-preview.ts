import { agentToolsHandle } from "../../plugin/handles.ts";
import { findCard } from "../../plugin/node-cards.ts";
import { usernameOf } from "../../plugin/username.ts";

/** How an identity stands, as the server lists it; an agent it does not know yet is `none`. */
export type IdentityStanding = "none" | "active" | "disabled" | "locked" | "clash";

export interface UsernamePreview {
  readonly username: string;
  /** What it means for the wire in hand. */
  readonly words: string;
  /** The name belongs to another account: this agent will not get one. */
  readonly clash: boolean;
}

const words: Readonly<Record<IdentityStanding, string>> = {
  none: "account to be made",
  active: "has its account",
  locked: "account locked for now",
  disabled: "account disabled",
  clash: "belongs to another account",
};

/** The name under which a tool will act that is wired to this agent: the rule by which the server names it. */
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
 * The agent whose identity a wire in hand would give to a tool, if that is known yet: at once when the wire
 * began at an agent's Tools, else when it is over an agent.
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
