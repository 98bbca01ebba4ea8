import type { Connection } from "../../../plugin/tool-edge.ts";
import { type WorkflowGraph, workflowLimits } from "../../../plugin/workflow.ts";
import type { HandleRef } from "../../canvas/card-actions.tsx";
import { addConnected, addDropped } from "./edits/add-connected.ts";
import { type Alignment, align, type Direction, distribute } from "./edits/align.ts";
import { addCopies, partOf } from "./edits/copies.ts";
import { insertOnEdge } from "./edits/flow-edits.ts";
import { type ImportChoice, importInto, readClipboard, toClipboard, toFile } from "./edits/transfer.ts";
import { newNodeId, reconnect, type XY } from "./graph-edits.ts";

/** Edits that concern more than one node or wire. Each is one step of the history. */
export interface CanvasCommands {
  /** Adds the dropped node: into the edge below it, docked to a near agent, or at its position. */
  readonly dropNode: (type: string, position: XY, edgeId?: string) => string;
  /** Adds a node and its edge to a handle; undefined if the edge is not allowed. Without a position, a part docks. */
  readonly addConnected: (type: string, position: XY | undefined, from: HandleRef) => string | undefined;
  /** Puts a node into a flow edge; undefined if the flow cannot run through that node. */
  readonly insertOnEdge: (edgeId: string, type: string, position?: XY) => string | undefined;
  /** Moves an end of an edge; returns the reason if that is not allowed. */
  readonly reconnect: (edgeId: string, connection: Connection) => string | undefined;
  /** How many nodes were added; a sentence if they are too many for one canvas. */
  readonly duplicateSelected: () => number | string;
  /** The selected nodes as text for the clipboard; empty without a selection. */
  readonly copySelected: () => string;
  /** How many nodes were pasted; a sentence if they cannot be used, undefined if the text holds no nodes. */
  readonly paste: (text: string, at?: XY) => number | string | undefined;
  readonly align: (to: Alignment) => void;
  readonly distribute: (along: Direction) => void;
  readonly tidy: () => Promise<void>;
  readonly selectAll: () => void;
  /** The workflow as a file: no secret, key, code or identity is part of it. */
  readonly exportJson: () => string;
  /** A sentence if it is too much for one canvas. */
  readonly importGraph: (theirs: WorkflowGraph, choice: ImportChoice) => string | undefined;
}

export interface CanvasCommandParts {
  readonly graph: () => WorkflowGraph;
  readonly name: () => string;
  readonly selected: () => ReadonlySet<string>;
  readonly commit: (next: WorkflowGraph) => void;
  readonly select: (ids: ReadonlySet<string>) => void;
}

const tooMany = `A canvas holds at most ${workflowLimits.nodes} nodes and ${workflowLimits.edges} edges.`;
const fits = ({ nodes, edges }: WorkflowGraph): boolean =>
  nodes.length <= workflowLimits.nodes && edges.length <= workflowLimits.edges;

export function createCanvasCommands({
  graph,
  name,
  selected,
  commit,
  select,
}: CanvasCommandParts): CanvasCommands {
  const addCopiesOf = (part: WorkflowGraph, at?: XY): number | string => {
    const next = addCopies(graph(), part, at);
    if (!fits(next.graph)) return tooMany;
    commit(next.graph);
    select(new Set(next.ids));
    return next.ids.length;
  };
  const added = (next: WorkflowGraph | undefined, id: string): string | undefined => {
    if (!next || !fits(next)) return undefined;
    commit(next);
    return id;
  };
  const insert: CanvasCommands["insertOnEdge"] = (edgeId, type, position) => {
    const id = newNodeId(type);
    return added(insertOnEdge(graph(), edgeId, { id, type, position }), id);
  };

  return {
    insertOnEdge: insert,
    dropNode: (type, position, edgeId) => {
      const inserted = edgeId === undefined ? undefined : insert(edgeId, type, position);
      if (inserted !== undefined) return inserted;
      const id = newNodeId(type);
      commit(addDropped(graph(), { id, type }, position));
      return id;
    },
    addConnected: (type, position, from) => {
      const id = newNodeId(type);
      return added(addConnected(graph(), { id, type, position }, from), id);
    },
    reconnect: (edgeId, connection) => {
      const result = reconnect(graph(), edgeId, connection);
      if ("reason" in result) return result.reason;
      if (result.graph !== graph()) commit(result.graph);
      return undefined;
    },
    duplicateSelected: () => (selected().size === 0 ? 0 : addCopiesOf(partOf(graph(), selected()))),
    copySelected: () => toClipboard(partOf(graph(), selected())),
    paste: (text, at) => {
      const read = readClipboard(text);
      if (!read) return undefined;
      return "problem" in read ? read.problem : addCopiesOf(read.graph, at);
    },
    align: (to) => commit(align(graph(), selected(), to)),
    distribute: (along) => commit(distribute(graph(), selected(), along)),
    tidy: async () => {
      const { tidy } = await import("./edits/tidy.ts");
      commit(tidy(graph()));
    },
    selectAll: () => select(new Set(graph().nodes.map(({ id }) => id))),
    exportJson: () => toFile(name(), graph()),
    importGraph: (theirs, choice) => {
      const next = importInto(graph(), theirs, choice);
      if (!fits(next)) return tooMany;
      commit(next);
      return undefined;
    },
  };
}
