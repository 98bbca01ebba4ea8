import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import {
  createIdentityStates,
  IdentityStatesProvider,
  type LitParts,
} from "../../canvas/identity-states.tsx";
import { useEditorState } from "../editor/EditorContext.tsx";
import { cardIdentities, litBy } from "./card-identities.ts";
import { useIdentities } from "./useIdentities.ts";

interface AskedReaders {
  /** The node whose readers are shown: an agent, or a node that gives codes of a vault entry. */
  readonly nodeId: string | undefined;
  readonly ask: (nodeId: string | undefined) => void;
  /** Sets the parts that are not dimmed for a vault entry. Only the panel knows its readers. */
  readonly light: (lit: LitParts | undefined) => void;
}
const AskedReadersContext = createContext<AskedReaders>({
  nodeId: undefined,
  ask: () => {},
  light: () => {},
});

/** The node whose readers are shown, and a function to ask for them. */
export const useAskedReaders = (): AskedReaders => useContext(AskedReadersContext);

/** Tells the cards and edges of the open workflow which identity they carry. */
export function StudioIdentities({ children }: { children: ReactNode }) {
  const slug = useEditorState((state) => state.slug);
  const graph = useEditorState((state) => state.history.present);
  const known = useIdentities()?.identities;
  const states = useMemo(createIdentityStates, []);
  const [asked, ask] = useState<string>();
  const [lit, light] = useState<LitParts>();
  const still = graph.nodes.some(({ id }) => id === asked);
  const nodeId = still ? asked : undefined;

  useEffect(
    () => states.setIdentities(cardIdentities(graph, slug, known ?? [])),
    [states, graph, slug, known],
  );
  useEffect(() => {
    const identity = known?.find(({ agent_node_id }) => agent_node_id === nodeId);
    states.setLit(
      nodeId === undefined
        ? undefined
        : identity
          ? litBy(graph, slug, identity)
          : (lit ?? { nodes: new Set([nodeId]), edges: new Set() }),
    );
  }, [states, graph, slug, known, nodeId, lit]);

  const value = useMemo(() => ({ nodeId, ask, light }), [nodeId]);
  return (
    <IdentityStatesProvider states={states}>
      <AskedReadersContext.Provider value={value}>{children}</AskedReadersContext.Provider>
    </IdentityStatesProvider>
  );
}
