import { findCard } from "../../plugin/node-cards.ts";

/** The drag carries only a node type, under our own media type, so that other drags are ignored. */
const mediaType = "application/x-totem-node";

interface DragData {
  readonly dataTransfer: Pick<DataTransfer, "getData" | "setData" | "types"> & { effectAllowed: string };
}

export function startNodeDrag({ dataTransfer }: DragData, type: string): void {
  dataTransfer.setData(mediaType, type);
  dataTransfer.effectAllowed = "copy";
}

/** During a drag, browsers hide the data and show only its media types. */
export const isNodeDrag = ({ dataTransfer }: DragData): boolean => dataTransfer.types.includes(mediaType);

/**
 * The node type that was dropped, or undefined if it was something else.
 *
 * @example onDrop={(event) => { const type = readDraggedNode(event); if (type) addNode(type); }}
 */
export function readDraggedNode({ dataTransfer }: DragData): string | undefined {
  const type = dataTransfer.getData(mediaType);
  return findCard(type) ? type : undefined;
}
