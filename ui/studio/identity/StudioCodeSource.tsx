import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { CodeSourceProvider } from "../../canvas/code-source.tsx";
import { useEditorState } from "../editor/EditorContext.tsx";
import { createCodeStore } from "./code-store.ts";
import { nodeCodes } from "./node-codes.ts";
import { useFreshIdentities, useIdentities } from "./useIdentities.ts";

/** A clock's difference is measured anew with every answer; less than this is the network's doing. */
const jitterMs = 250;

/** Gives the cards of the open workflow their agents' codes. */
export function StudioCodeSource({ children }: { children: ReactNode }) {
  const [store] = useState(createCodeStore);
  const graph = useEditorState((state) => state.history.present);
  const slug = useEditorState((state) => state.slug);
  const list = useIdentities();
  useFreshIdentities();
  const queries = useQueryClient();
  const offset = useRef<number>(undefined);

  useEffect(() => {
    const receivedAt = queries.getQueryState(["identities", slug])?.dataUpdatedAt;
    if (list && receivedAt) {
      const measured = Date.parse(list.now) - receivedAt;
      if (offset.current === undefined || Math.abs(measured - offset.current) > jitterMs)
        offset.current = measured;
    }
    store.set(nodeCodes(graph, list, offset.current ?? 0));
  }, [store, graph, list, queries, slug]);

  return <CodeSourceProvider source={store}>{children}</CodeSourceProvider>;
}
