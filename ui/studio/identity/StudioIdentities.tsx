import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { createIdentityStates, IdentityStatesProvider } from "../../canvas/identity-states.tsx";
import { useEditorState } from "../editor/EditorContext.tsx";
import { cardIdentities, litBy } from "./card-identities.ts";
import { useIdentities } from "./useIdentities.ts";

interface AskedReaders {
  /** The agent whose readers are shown. */
  readonly agentNodeId: string | undefined;
  readonly ask: (agentNodeId: string | undefined) => void;
}
const AskedReadersContext = createContext<AskedReaders>({ agentNodeId: undefined, ask: () => {} });

/** Whose readers somebody asks for, and how to ask. */
export const useAskedReaders = (): AskedReaders => useContext(AskedReadersContext);

/** Tells the cards and edges of the open workflow whose identity they carry. */
export function StudioIdentities({ children }: { children: ReactNode }) {
  const slug = useEditorState((state) => state.slug);
  const graph = useEditorState((state) => state.history.present);
  const known = useIdentities()?.identities;
  const states = useMemo(createIdentityStates, []);
  const [asked, ask] = useState<string>();
  const still = graph.nodes.some(({ id }) => id === asked);
  const agentNodeId = still ? asked : undefined;

  useEffect(
    () => states.setIdentities(cardIdentities(graph, slug, known ?? [])),
    [states, graph, slug, known],
  );
  useEffect(() => {
    const identity = known?.find(({ agent_node_id }) => agent_node_id === agentNodeId);
    states.setLit(
      agentNodeId === undefined
        ? undefined
        : identity
          ? litBy(graph, slug, identity)
          : { nodes: new Set([agentNodeId]), edges: new Set() },
    );
  }, [states, graph, slug, known, agentNodeId]);

  const value = useMemo(() => ({ agentNodeId, ask }), [agentNodeId]);
  return (
    <IdentityStatesProvider states={states}>
      <AskedReadersContext.Provider value={value}>{children}</AskedReadersContext.Provider>
    </IdentityStatesProvider>
  );
}
