import { useEditorState } from "../editor/EditorContext.tsx";
import { ViewportPortal } from "../xyflow.ts";
import { cardSize } from "./card-size.ts";

/** Where the part in hand will dock when it is let go: its outline, below the agent that takes it. */
export function DockHint() {
  const hint = useEditorState((state) => state.dockHint);
  return (
    <>
      {hint && (
        <ViewportPortal>
          <div
            className="dock-hint"
            data-dock-agent={hint.agentId}
            style={{
              width: cardSize("").width,
              height: cardSize("").height,
              transform: `translate(${hint.place.x}px, ${hint.place.y}px)`,
            }}
          />
        </ViewportPortal>
      )}
    </>
  );
}
