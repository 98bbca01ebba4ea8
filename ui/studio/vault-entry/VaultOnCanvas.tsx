import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ApiError } from "../api/request.ts";
import { useEditor, useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import type { CodeStore } from "../identity/code-store.ts";
import { useIdentities } from "../identity/useIdentities.ts";
import { showToast } from "../kit/toasts.ts";
import { type EntryStanding, meaningOfGrant, standingOf, troubleOf } from "./entry-standing.ts";
import { entriesNamed, grantCodes } from "./known-entries.ts";
import { vaultCode } from "./vault-codes.ts";
import { accountOf, type VaultNode, vaultNodes } from "./vault-nodes.ts";

export interface VaultOnCanvasProps {
  readonly store: CodeStore;
  /** The server's clock minus ours. */
  readonly offsetMs: number;
}

const wireOf = ({ id }: VaultNode, agentId: string) => `${id} ${agentId}`;

/** Tells the cards of vault nodes their codes and what is wrong, and offers a grant where a new wire lacks one. */
export function VaultOnCanvas({ store, offsetMs }: VaultOnCanvasProps) {
  const graph = useEditorState((state) => state.history.present);
  const slug = useEditorState((state) => state.slug);
  const workflowId = useEditorState((state) => state.id);
  const list = useIdentities();
  const editor = useEditor();
  const { vault } = useOpenWorkflow();
  const queries = useQueryClient();
  const nodes = vaultNodes(graph);
  const names = [...new Set(nodes.map(({ entry }) => entry).filter((name) => name !== ""))].sort();
  const answers = useQueries({
    queries: names.map(entriesNamed),
    combine: (all) => all.map(({ data, error }) => ({ data, error })),
  });
  /** Wires that were there before, and those the user was told about. */
  const seen = useRef<ReadonlySet<string>>(undefined);
  // A text: a graph whose cards are only moved has the same vault nodes.
  const wired = JSON.stringify(nodes);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wired` is all there is of nodes and their names.
  useEffect(() => {
    const now = Date.now() + offsetMs;
    const answerOf = (name: string) => answers[names.indexOf(name)];
    const agentsOf = ({ agentIds }: VaultNode) => agentIds.map((id) => accountOf(id, slug, list));
    store.setVault(
      new Map(
        nodes.map((node) => {
          const answer = answerOf(node.entry);
          const known = answer?.data ?? { why: whyUnknown(answer?.error) };
          const agents = agentsOf(node);
          return [node.id, vaultCode({ name: node.entry, known, agents, workflowId, now, offsetMs })];
        }),
      ),
    );

    const problems = new Map<string, string>();
    const offers: Offer[] = [];
    const settled = new Set<string>();
    for (const node of nodes) {
      const known = answerOf(node.entry)?.data;
      if (known?.length === 0 && node.agentIds.length === 0)
        problems.set(node.id, `There is no entry “${node.entry}” that you can see.`);
      for (const agentId of node.agentIds) {
        const agent = accountOf(agentId, slug, list);
        const standing = known && standingOf({ known, agent, workflowId, now });
        const trouble = standing && troubleOf(standing, agent.username, node.entry);
        if (trouble && !problems.has(node.id)) problems.set(node.id, trouble);
        if (node.entry === "" || (standing && standing.kind !== "unknown"))
          settled.add(wireOf(node, agentId));
        if (standing && trouble) offers.push({ node, agentId, username: agent.username, standing, trouble });
      }
    }
    vault.setState({ problems });

    // What the workflow was opened with is said on the cards; only a new wire shows a message.
    if (!seen.current) {
      seen.current = new Set(nodes.flatMap((node) => node.agentIds.map((id) => wireOf(node, id))));
      return;
    }
    const before = seen.current;
    const wires = nodes.flatMap((node) => node.agentIds.map((id) => wireOf(node, id)));
    seen.current = new Set(wires.filter((wire) => before.has(wire) || settled.has(wire)));
    for (const offer of offers) if (!before.has(wireOf(offer.node, offer.agentId))) say(offer);
  }, [wired, answers, list, slug, workflowId, offsetMs, store, vault]);

  function say({ node, username, standing, trouble }: Offer): void {
    const [only, another] = standing.kind === "not_granted" ? standing.entries : [];
    if (only && !another)
      showToast({
        text: `${trouble} ${meaningOfGrant(username, node.entry)}`,
        tone: "warning",
        action: { label: "Grant", run: () => void grantCodes(queries, only.entry, username) },
      });
    else
      showToast({
        text: trouble,
        tone: "warning",
        action: { label: "Show settings", run: () => editor.select(node.id) },
      });
  }

  return null;
}

interface Offer {
  readonly node: VaultNode;
  readonly agentId: string;
  readonly username: string;
  readonly standing: EntryStanding;
  readonly trouble: string;
}

function whyUnknown(error: unknown): string {
  if (!error) return "Looking for the entry";
  return error instanceof ApiError && error.status === 403
    ? "You may not see this code"
    : "The vault does not answer";
}
