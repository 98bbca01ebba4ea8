import { findCard } from "../../../plugin/node-cards.ts";
import type { CanvasNode } from "../editor/to-flow.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { MiniMap } from "../xyflow.ts";
import { useMinimap } from "./useMinimap.ts";

// At module level: a new function would colour every node again. The style sheet has the colours.
const classOf = (node: CanvasNode) => `canvas-map__node canvas-map__node--${findCard(node.type ?? "")?.kind}`;

/** The whole workflow, small, in the colours of its nodes. */
export function CanvasMap() {
  const { shown } = useMinimap();
  const narrow = useIsNarrow();
  if (!shown || narrow) return null;
  return (
    <MiniMap<CanvasNode>
      className="canvas-map"
      position="bottom-right"
      ariaLabel="Map of the workflow"
      nodeClassName={classOf}
      nodeBorderRadius={12}
      pannable
      zoomable
    />
  );
}
