import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { reachSentence } from "../../../plugin/reach-words.ts";
import type { LitParts } from "../../canvas/identity-states.tsx";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { leastZoom, wholeView } from "../editor/positions.ts";
import { IconButton } from "../kit/Button.tsx";
import { useReactFlow, useStoreApi } from "../xyflow.ts";
import styles from "./ReadersFrame.module.css";
import { useAskedReaders } from "./StudioIdentities.tsx";

export interface ListedReader {
  readonly key: string;
  readonly name: string;
  readonly because: string;
  /** The agent on this canvas, where it is one. */
  readonly agentNodeId: string | undefined;
}

export interface ReadersFrameProps {
  /** Whose codes they are. */
  readonly name: string;
  readonly said: string;
  readonly readers: readonly ListedReader[];
  /** The agent whose codes they are, where it is on this canvas. */
  readonly agentNodeId?: string;
  /** The parts that are not dimmed; undefined until they are known. */
  readonly lit: LitParts | undefined;
}

/** What an agent can read, it could send: so where each of them may send requests belongs to the answer. */
function ReachOfAgents({ ids }: { ids: readonly (string | undefined)[] }) {
  const nodes = useEditorState((state) => state.history.present.nodes);
  const agents = nodes.filter(({ id, type }) => type === "agent" && ids.includes(id));
  if (agents.length === 0) return null;
  return (
    <>
      <h3>Where they may send it</h3>
      {agents.map(({ id, data }) => (
        <p key={id} data-reach={id}>
          <strong>{data.label ?? id}</strong>
          <br />
          <span className={styles.why}>{reachSentence(data.config.may_reach)}</span>
        </p>
      ))}
    </>
  );
}

/** The panel that answers "Who can read this?", beside the parts that it is about. */
export function ReadersFrame({ name, said, readers, agentNodeId, lit }: ReadersFrameProps) {
  const { ask } = useAskedReaders();
  const editor = useEditor();
  const flow = useReactFlow();
  const view = useStoreApi();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    close.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      ask(undefined);
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [ask]);
  const panel = useRef<HTMLElement>(null);
  // A text, because moving nodes does not change which nodes are lit.
  const litNodes = lit && [...lit.nodes].sort().join(" ");
  // The lit parts must be beside the panel, not below it.
  useEffect(() => {
    const { width, transform } = view.getState();
    const own = (panel.current?.offsetWidth ?? 0) + 24;
    if (litNodes === undefined || width < 2 * own) return;
    const nodes = litNodes.split(" ").map((id) => ({ id }));
    const padding = { ...wholeView.padding, right: `${own}px` } as const;
    void flow.fitView({ nodes, padding, maxZoom: transform[2], minZoom: leastZoom });
  }, [litNodes, flow, view]);
  return (
    <section ref={panel} className={styles.readers} data-part="readers" aria-labelledby="readers-title">
      <header>
        <h2 id="readers-title">Who can read this?</h2>
        <IconButton ref={close} aria-label="Show everything again" onClick={() => ask(undefined)}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <p>
        <code>{name}</code>
      </p>
      <p className={styles.said} role="status">
        {said}
      </p>
      <ul>
        {readers.map(({ key, name: reader, because, agentNodeId: here }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two people may have the same name, and no row has a state.
          <li key={`${at} ${key}`} data-reader={key}>
            {here === undefined ? (
              <strong>{reader}</strong>
            ) : (
              <button
                type="button"
                className={styles.agent}
                onClick={() => {
                  editor.select(here);
                  void flow.fitView({ nodes: [{ id: here }], maxZoom: 1, duration: 200 });
                }}
              >
                {reader}
              </button>
            )}
            <span className={styles.why}>{because}</span>
          </li>
        ))}
      </ul>
      <ReachOfAgents ids={[agentNodeId, ...readers.map((reader) => reader.agentNodeId)]} />
    </section>
  );
}
