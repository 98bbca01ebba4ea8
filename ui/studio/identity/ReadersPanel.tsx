import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { usernameOf } from "../../../plugin/username.ts";
import { leastZoom, wholeView } from "../canvas/whole-view.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { useReactFlow, useStoreApi } from "../xyflow.ts";
import { litBy, readerName, readerOnCanvas } from "./card-identities.ts";
import { useAskedReaders } from "./StudioIdentities.tsx";
import { useIdentities } from "./useIdentities.ts";

/** Everyone who can read an identity's codes, and why, as the server says; the canvas dims the rest meanwhile. */
export function ReadersPanel() {
  const { agentNodeId, ask } = useAskedReaders();
  const editor = useEditor();
  const flow = useReactFlow();
  const view = useStoreApi();
  const slug = useEditorState((state) => state.slug);
  const identity = useIdentities()?.identities.find(({ agent_node_id }) => agent_node_id === agentNodeId);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (agentNodeId === undefined) return;
    close.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      ask(undefined);
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [agentNodeId, ask]);
  const panel = useRef<HTMLElement>(null);
  const lit =
    identity && [...litBy(editor.store.getState().history.present, slug, identity).nodes].sort().join(" ");
  // What it tells of is beside it, not below it.
  useEffect(() => {
    const { width, transform } = view.getState();
    const own = (panel.current?.offsetWidth ?? 0) + 24;
    if (lit === undefined || width < 2 * own) return;
    const nodes = lit.split(" ").map((id) => ({ id }));
    const padding = { ...wholeView.padding, right: `${own}px` } as const;
    void flow.fitView({ nodes, padding, maxZoom: transform[2], minZoom: leastZoom });
  }, [lit, flow, view]);
  if (agentNodeId === undefined) return null;
  const readers = identity?.readers ?? [];
  return (
    <section ref={panel} className="readers" aria-labelledby="readers-title">
      <header>
        <h2 id="readers-title">Who can read this?</h2>
        <button
          ref={close}
          type="button"
          className="icon-button"
          aria-label="Show everything again"
          onClick={() => ask(undefined)}
        >
          <X size={16} aria-hidden />
        </button>
      </header>
      <p>
        <code>{usernameOf(slug, agentNodeId)}</code>
      </p>
      <p className="readers__said" role="status">
        {readers.length === 0
          ? "Nobody can read codes of this identity now."
          : `${readers.length} can read its codes now. The rest of the canvas is dimmed.`}
      </p>
      <ul>
        {readers.map((reader) => {
          const here = readerOnCanvas(reader, slug);
          return (
            <li key={`${reader.kind} ${reader.name}`} data-reader={reader.name}>
              {here === undefined ? (
                <strong>{readerName(reader)}</strong>
              ) : (
                <button
                  type="button"
                  className="readers__agent"
                  onClick={() => {
                    editor.select(here);
                    void flow.fitView({ nodes: [{ id: here }], maxZoom: 1, duration: 200 });
                  }}
                >
                  {readerName(reader)}
                </button>
              )}
              <span className="readers__why">{reader.because}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
