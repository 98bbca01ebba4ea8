import { findCard } from "../../plugin/node-cards.ts";

/** The drag carries only a node type, under a name of our own, so that other drags are left alone. */
const mediaType = "application/x-totem-node";

interface DragData {
  readonly dataTransfer: Pick<DataTransfer, "getData" | "setData" | "types"> & { effectAllowed: string };
}

export function startNodeDrag({ dataTransfer }: DragData, type: string): void {
  dataTransfer.setData(mediaType, type);
  dataTransfer.effectAllowed = "copy";
}

/** While a drag is on its way browsers hide its data and tell only which kinds it has. */
export const isNodeDrag = ({ dataTransfer }: DragData): boolean => dataTransfer.types.includes(mediaType);

/**
 * The node type that was dropped, or undefined when something else was.
 *
 * @example onDrop={(event) => { const type = readDraggedNode(event); if (type) addNode(type); }}
 */
export function readDraggedNode({ dataTransfer }: DragData): string | undefined {
  const type = dataTransfer.getData(mediaType);
  return findCard(type) ? type : undefined;
}
