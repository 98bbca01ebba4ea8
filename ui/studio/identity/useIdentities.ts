import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { IdentityList } from "../../../plugin/api/identities.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { listIdentities } from "../api/endpoints.ts";
import { useEditorState } from "../editor/EditorContext.tsx";

/** The identity of every agent of the open workflow, as the server knows them. */
export function useIdentities(): IdentityList | undefined {
  const slug = useEditorState((state) => state.slug);
  return useQuery({ queryKey: ["identities", slug], queryFn: () => listIdentities(slug) }).data;
}

/** The part of a graph that decides about identities: its agents, and the tools wired to them. */
const whoIsWired = ({ nodes, edges }: WorkflowGraph): string =>
  JSON.stringify([
    nodes.filter(({ type }) => findCard(type)?.kind === "agent").map(({ id }) => id),
    edges.filter(isToolEdge).map(({ source, target }) => [source, target]),
  ]);

/** Asks again when other agents or tool edges were saved. Called once for an open workflow. */
export function useFreshIdentities(): void {
  const queries = useQueryClient();
  const slug = useEditorState((state) => state.slug);
  const saved = useEditorState((state) => (state.save.kind === "saved" ? state.history.present : undefined));
  const known = useRef<string>(undefined);
  useEffect(() => {
    if (!saved) return;
    const wired = whoIsWired(saved);
    if (known.current !== undefined && known.current !== wired)
      void queries.invalidateQueries({ queryKey: ["identities", slug] });
    known.current = wired;
  }, [queries, slug, saved]);
}
