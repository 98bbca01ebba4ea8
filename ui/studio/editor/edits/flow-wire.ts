import { findCard } from "../../../../plugin/node-cards.ts";
import type { Connection } from "../../../../plugin/tool-edge.ts";

interface End {
  readonly id: string;
  readonly type: string;
}

const flowHandle = (type: string, end: "source" | "target") =>
  findCard(type)?.handles.find((handle) => handle.type === end && handle.edgeLabel === "");

/** Whether the flow can run through a node of this type. */
export const isInTheFlow = (type: string): boolean =>
  flowHandle(type, "source") !== undefined && flowHandle(type, "target") !== undefined;

/** The flow from one node to the next, where both take part in it. */
export function flowWire(from: End, to: End): Connection | undefined {
  const [out, into] = [flowHandle(from.type, "source"), flowHandle(to.type, "target")];
  return out && into && { source: from.id, sourceHandle: out.id, target: to.id, targetHandle: into.id };
}
