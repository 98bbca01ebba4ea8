import { createEdgeTypes, createNodeTypes } from "../../create-node-types.tsx";
import { unknownNodeType } from "../editor/to-flow.ts";
import { getBezierPath, Handle, Position, useStoreApi } from "../xyflow.ts";

/** The card of a node whose type this catalogue does not know: saved and shown, but not usable. */
export const UnknownNode = ({ id }: { id: string }) => (
  <div className="totem-card" data-node-type="unknown_node">
    <div className="totem-card__head">
      <span className="totem-card__text">
        <span className="totem-card__label">Unknown node</span>
        <span className="totem-card__subtitle" title={id}>
          {id}
        </span>
      </span>
    </div>
  </div>
);

// Not taken from ui/xyflow.ts: that entry holds everything for hosts, and the first view would load all of it.
const flow = { Handle, Position, getBezierPath, useStoreApi };

/** With the card for unknown types. Created once, at module level: React Flow compares it by identity. */
export const nodeTypes = { ...createNodeTypes(flow), [unknownNodeType]: UnknownNode };
export const edgeTypes = createEdgeTypes(flow);
