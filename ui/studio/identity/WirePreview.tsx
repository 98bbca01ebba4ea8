import { agentInView, previewOf } from "../../canvas/username-preview.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { cardSize } from "../editor/positions.ts";
import { useConnection, useStore } from "../xyflow.ts";
import { useIdentities } from "./useIdentities.ts";
import styles from "./WirePreview.module.css";

/** While a wire is dragged: the name that its tool will act under, beside the pointer. */
export function WirePreview() {
  const editor = useEditor();
  const slug = useEditorState((state) => state.slug);
  const identities = useIdentities()?.identities;
  // A text, so that only a change renders this again.
  const seen = useConnection((wire) => {
    if (!wire.inProgress || !wire.fromHandle) return "";
    const { nodes } = editor.store.getState().history.present;
    const { x, y } = wire.to;
    const over =
      nodes.find(({ id }) => id === wire.toHandle?.nodeId) ??
      nodes.find(({ type, position }) => {
        const { width, height } = cardSize(type);
        return x >= position.x && x <= position.x + width && y >= position.y && y <= position.y + height;
      });
    const { nodeId, id: handleId } = wire.fromHandle;
    const from = {
      nodeId,
      handleId: handleId ?? null,
      nodeType: nodes.find(({ id }) => id === nodeId)?.type,
    };
    const agentId = agentInView(from, over);
    return agentId === undefined ? "" : JSON.stringify([wire.to.x, wire.to.y, agentId]);
  });
  const [left, top, zoom] = useStore((state) => state.transform);
  const [x, y, agentId] = seen === "" ? [] : (JSON.parse(seen) as [number, number, string]);
  const state = identities?.find(({ agent_node_id }) => agent_node_id === agentId)?.state;
  const preview = agentId === undefined ? undefined : previewOf(slug, agentId, state);
  return (
    <div className={styles.layer} role="status">
      {preview && x !== undefined && y !== undefined && (
        <span
          className={styles.preview}
          data-part="wire-preview"
          data-clash={preview.clash ? "" : undefined}
          style={{
            translate: `${Math.round(x * zoom + left + 16)}px ${Math.round(y * zoom + top - 44)}px`,
          }}
        >
          <code>{preview.username}</code> <span>{preview.words}</span>
        </span>
      )}
    </div>
  );
}
