import { findCard } from "../../../plugin/node-cards.ts";
import type { Connection } from "../../../plugin/tool-edge.ts";
import { handleKindOf } from "../../canvas/card-text.ts";
import { whyNotConnect } from "../../canvas/validate-connection.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { judgedGraph } from "../editor/editor-store.ts";
import { type FinalConnectionState, useConnection, useStore } from "../xyflow.ts";

type Ends = Pick<FinalConnectionState, "fromHandle" | "toHandle">;

/** React Flow tells where a drag began and where it is; which of them is the source depends on the handle. */
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

/** Why the wire in hand cannot end at the handle it is over, beside that handle, while it is dragged. */
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
    <div className="connection-hint-layer" role="status">
      {reason !== "" && (
        <ScreenPlace x={Number(x)} y={Number(y)}>
          {reason}
        </ScreenPlace>
      )}
    </div>
  );
}

function ScreenPlace({ x, y, children }: { x: number; y: number; children: string }) {
  const transform = useStore((state) => state.transform);
  const [left, top, zoom] = transform;
  return (
    <span
      className="connection-hint"
      style={{ translate: `${Math.round(x * zoom + left + 14)}px ${Math.round(y * zoom + top + 14)}px` }}
    >
      {children}
    </span>
  );
}

/** Which handles fit the one a drag began at, for the style sheet: kind and direction. */
export function connectingFrom(
  nodeType: string | undefined,
  handleId: string | null,
): { kind: string; to: "source" | "target" } | undefined {
  const handle = findCard(nodeType ?? "")?.handles.find(({ id }) => id === handleId);
  if (!handle) return undefined;
  return { kind: handleKindOf(handle.edgeLabel), to: handle.type === "source" ? "target" : "source" };
}
