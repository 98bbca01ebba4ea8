import { findCard } from "../../../plugin/node-cards.ts";
import type { Connection } from "../../../plugin/tool-edge.ts";
import { handleKindOf } from "../../canvas/card-text.ts";
import { whyNotConnect } from "../../canvas/validate-connection.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { judgedGraph } from "../editor/editor-store.ts";
import { cardSize } from "../editor/positions.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { type FinalConnectionState, useConnection, useStore, ViewportPortal } from "../xyflow.ts";
import styles from "./CanvasHints.module.css";

type Ends = Pick<FinalConnectionState, "fromHandle" | "toHandle">;

/** React Flow says where a drag began and where it is. Which of the two is the source depends on the handle. */
export function connectionOf({ fromHandle, toHandle }: Ends): Connection | undefined {
  if (!fromHandle || !toHandle) return undefined;
  const [source, target] = fromHandle.type === "source" ? [fromHandle, toHandle] : [toHandle, fromHandle];
  return {
    source: source.nodeId,
    sourceHandle: source.id ?? null,
    target: target.nodeId,
    targetHandle: target.id ?? null,
  };
}

/** While a wire is dragged over a handle that cannot take it: why, beside that handle. */
export function ConnectionHint() {
  const editor = useEditor();
  const hint = useConnection((connection) => {
    if (!connection.inProgress || connection.isValid !== false || !connection.toHandle) return undefined;
    const wanted = connectionOf(connection);
    const reason = wanted && whyNotConnect(judgedGraph(editor.store.getState()), wanted);
    return reason === undefined ? undefined : `${connection.to.x} ${connection.to.y} ${reason}`;
  });
  const [x, y, ...words] = hint?.split(" ") ?? [];
  const reason = words.join(" ");
  return (
    <div className={styles.layer} role="status">
      {reason !== "" && (
        <AtPosition x={Number(x)} y={Number(y)}>
          {reason}
        </AtPosition>
      )}
    </div>
  );
}

function AtPosition({ x, y, children }: { x: number; y: number; children: string }) {
  const transform = useStore((state) => state.transform);
  const [left, top, zoom] = transform;
  return (
    <span
      className={styles.hint}
      data-part="connection-hint"
      style={{ translate: `${Math.round(x * zoom + left + 14)}px ${Math.round(y * zoom + top + 14)}px` }}
    >
      {children}
    </span>
  );
}

/** Which handles fit the handle that a drag began at, for the style sheet: kind and direction. */
export function connectingFrom(
  nodeType: string | undefined,
  handleId: string | null,
): { kind: string; to: "source" | "target" } | undefined {
  const handle = findCard(nodeType ?? "")?.handles.find(({ id }) => id === handleId);
  if (!handle) return undefined;
  return { kind: handleKindOf(handle.edgeLabel), to: handle.type === "source" ? "target" : "source" };
}

/** Where the dragged part will dock when it is dropped: an outline below the agent that takes it. */
export function DockHint() {
  const hint = useEditorState((state) => state.dockHint);
  return (
    <>
      {hint && (
        <ViewportPortal>
          <div
            className={styles.dock}
            data-dock-agent={hint.agentId}
            style={{
              width: cardSize("").width,
              height: cardSize("").height,
              transform: `translate(${hint.position.x}px, ${hint.position.y}px)`,
            }}
          />
        </ViewportPortal>
      )}
    </>
  );
}

/** The text of an empty canvas: the steps to a first run, if the window is wide enough for editing. */
export const EmptyCanvas = () => {
  const readOnly = useReadOnly();
  return readOnly ? (
    <div className={styles.empty}>
      <h2>Nothing here yet</h2>
      <p>{readOnly}</p>
    </div>
  ) : (
    <div className={styles.empty}>
      <h2>Build an agent with an identity</h2>
      <ol>
        <li>Drag a Chat Trigger and an Agent here, and wire them left to right.</li>
        <li>
          Drag an AI Model and wire its blue diamond to the agent’s Model diamond. In its settings, choose a
          provider or write the steps it plays.
        </li>
        <li>Drag Create Agent User and Get TOTP Code and wire their green diamonds to Tools.</li>
        <li>Send a message in the chat below.</li>
      </ol>
    </div>
  );
};

const edge = ".react-flow__edge";

/** The edge at a point of the screen, for a drop on it. */
export const edgeUnder = (x: number, y: number): string | undefined =>
  document
    .elementsFromPoint(x, y)
    .map((part) => part.closest<HTMLElement>(edge)?.dataset.id)
    .find((id) => id !== undefined);

/** Marks the edge that would take the dragged node. Written directly to the page, so that nothing renders again. */
export const dropTarget = {
  show: (edgeId: string | undefined): void => {
    for (const marked of document.querySelectorAll<HTMLElement>(`${edge}[data-drop-target]`))
      if (marked.dataset.id !== edgeId) delete marked.dataset.dropTarget;
    if (edgeId === undefined) return;
    const target = document.querySelector<HTMLElement>(`${edge}[data-id="${CSS.escape(edgeId)}"]`);
    if (target?.querySelector('[data-edge-kind="flow"]')) target.dataset.dropTarget = "";
  },
};
