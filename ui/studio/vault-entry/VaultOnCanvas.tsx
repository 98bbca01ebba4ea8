import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ApiError } from "../api/request.ts";
import { useEditor, useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import type { CodeStore } from "../identity/code-store.ts";
import { useIdentities } from "../identity/useIdentities.ts";
import { showToast } from "../kit/toasts.ts";
import { meaningOfGrant } from "./entry-standing.ts";
import { entriesNamed, grantCodes } from "./known-entries.ts";
import { vaultCode } from "./vault-codes.ts";
import {
  accountOf,
  judgeWires,
  type VaultNode,
  vaultNodes,
  type WireTrouble,
  wireOf,
} from "./vault-nodes.ts";

export interface VaultOnCanvasProps {
  readonly store: CodeStore;
  /** The server's clock minus ours. */
  readonly offsetMs: number;
}

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

    const { problems, troubles, judged } = judgeWires(nodes, {
      knownOf: (name) => answerOf(name)?.data,
      agentOf: (agentId) => accountOf(agentId, slug, list),
      workflowId,
      now,
    });
    vault.setState({ problems });

    // What the workflow was opened with is said on the cards; only a new wire shows a message.
    const wires = nodes.flatMap((node) => node.agentIds.map((id) => wireOf(node, id)));
    const before = seen.current;
    seen.current = new Set(before ? wires.filter((wire) => before.has(wire) || judged.has(wire)) : wires);
    if (before) for (const trouble of troubles) if (!before.has(trouble.wire)) say(trouble);
  }, [wired, answers, list, slug, workflowId, offsetMs, store, vault]);

  function say({ node, username, standing, words }: WireTrouble): void {
    const [only, another] = standing.kind === "not_granted" ? standing.entries : [];
    if (only && !another)
      showToast({
        text: `${words} ${meaningOfGrant(username, node.entry)}`,
        tone: "warning",
        action: { label: "Grant", run: () => void grantCodes(queries, only.entry, username) },
      });
    else
      showToast({
        text: words,
        tone: "warning",
        action: { label: "Show settings", run: () => editor.select(node.id) },
      });
  }

  return null;
}

function whyUnknown(error: unknown): string {
  if (!error) return "Looking for the entry";
  return error instanceof ApiError && error.status === 403
    ? "You may not see this code"
    : "The vault does not answer";
}
