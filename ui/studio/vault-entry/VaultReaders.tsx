import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { messageOf } from "../api/request.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { ReadersFrame } from "../identity/ReadersFrame.tsx";
import { useAskedReaders } from "../identity/StudioIdentities.tsx";
import { useIdentities } from "../identity/useIdentities.ts";
import { entriesNamed } from "./known-entries.ts";
import { shownEntry } from "./vault-codes.ts";
import { accountOf, vaultNodes } from "./vault-nodes.ts";
import { litByEntry, vaultReaders } from "./vault-readers.ts";

/** Everyone who can read the codes of the entry a node names, and why. */
export function VaultReaders({ node }: { node: WorkflowNode }) {
  const graph = useEditorState((state) => state.history.present);
  const slug = useEditorState((state) => state.slug);
  const workflowId = useEditorState((state) => state.id);
  const list = useIdentities();
  const { light } = useAskedReaders();
  const { entry: name, agentIds } = useMemo(
    () => vaultNodes(graph).find(({ id }) => id === node.id) ?? { entry: "", agentIds: [] },
    [graph, node.id],
  );
  const { data, error } = useQuery(entriesNamed(name));

  const told = useMemo(() => {
    if (error) return { said: messageOf(error), readers: [] };
    if (!data) return { said: "Looking it up…", readers: [] };
    const now = Date.now();
    const agents = agentIds.map((id) => accountOf(id, slug, list));
    const entry = shownEntry(data, { agents, workflowId, now });
    if ("why" in entry) return { said: `${entry.why}.`, readers: [] };
    const known = data.find((each) => each.entry.id === entry.id);
    if (!known?.grants) return { said: "You may not see who can read it.", readers: [] };
    const onCanvas = graph.nodes
      .filter(({ type }) => findCard(type)?.kind === "agent")
      .map(({ id }) => [id, accountOf(id, slug, list)] as const);
    const readers = vaultReaders({ known, agents: new Map(onCanvas), now });
    return {
      said:
        readers.length === 0
          ? "Nothing can read codes of this entry now."
          : "These can read its codes now. The rest of the canvas is dimmed.",
      readers,
      lit: litByEntry(graph, { nodeId: node.id, entry: name }, readers),
    };
  }, [data, error, agentIds, slug, list, workflowId, graph, node.id, name]);

  useEffect(() => light(told.lit), [light, told.lit]);
  useEffect(() => () => light(undefined), [light]);
  return <ReadersFrame name={name} said={told.said} readers={told.readers} lit={told.lit} />;
}
