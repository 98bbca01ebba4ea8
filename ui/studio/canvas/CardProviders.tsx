import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import { NoteEditProvider } from "../../canvas/card-actions.tsx";
import { CodeSourceProvider } from "../../canvas/code/code-source.tsx";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { createCodeStore } from "../identity/code-store.ts";
import { nodeCodes } from "../identity/node-codes.ts";
import { useFreshIdentities, useIdentities } from "../identity/useIdentities.ts";
import { useMay } from "../person/whoami.ts";

// Only for workflows with such a node.
const VaultOnCanvas = lazy(async () => ({
  default: (await import("../vault-entry/VaultOnCanvas.tsx")).VaultOnCanvas,
}));

/** The difference of the clocks is measured with every answer. A smaller change comes from the network. */
const jitterMs = 250;

/** Gives the cards of the open workflow the codes of their agents and vault entries. */
export function StudioCodeSource({ children }: { children: ReactNode }) {
  const mayRead = useMay("codes:read");
  const mayList = useMay("vault:read", "lists:read");
  const [store] = useState(() => createCodeStore(mayRead));
  const graph = useEditorState((state) => state.history.present);
  const slug = useEditorState((state) => state.slug);
  const list = useIdentities();
  useFreshIdentities();
  const queries = useQueryClient();
  const offset = useRef<number>(undefined);
  const [offsetMs, setOffsetMs] = useState(0);
  const hasVault = graph.nodes.some(({ type }) => findCard(type)?.shows === "vault_code");

  useEffect(() => {
    const receivedAt = queries.getQueryState(["identities", slug])?.dataUpdatedAt;
    if (list && receivedAt) {
      const measured = Date.parse(list.now) - receivedAt;
      if (offset.current === undefined || Math.abs(measured - offset.current) > jitterMs)
        offset.current = measured;
    }
    setOffsetMs(offset.current ?? 0);
    store.set(nodeCodes(graph, list, offset.current ?? 0));
  }, [store, graph, list, queries, slug]);

  return (
    <CodeSourceProvider source={store}>
      {children}
      {hasVault && mayList && (
        <Suspense>
          <VaultOnCanvas store={store} offsetMs={offsetMs} />
        </Suspense>
      )}
    </CodeSourceProvider>
  );
}

/** Lets a person edit a note on its card, with the same edit as in its settings. */
export function StudioNotes({ children }: { children: ReactNode }) {
  const editor = useEditor();
  const change = useCallback(
    (nodeId: string, text: string) => {
      const note = editor.store.getState().history.present.nodes.find(({ id }) => id === nodeId);
      if (note) editor.setConfig(nodeId, { ...note.data.config, text }, "text");
    },
    [editor],
  );
  return <NoteEditProvider onNoteChange={change}>{children}</NoteEditProvider>;
}
