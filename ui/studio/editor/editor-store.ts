import { createStore, type StoreApi } from "zustand/vanilla";
import type { WorkflowBody } from "../../../plugin/api/workflows.ts";
import type { Connection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";
import { readWorkflow, saveWorkflow } from "../api/endpoints.ts";
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from "../xyflow.ts";
import { type CanvasCommands, createCanvasCommands } from "./canvas-commands.ts";
import { dockMoved } from "./edits/add-connected.ts";
import { type Dock, findDock, withDockedChanges } from "./edits/dock.ts";
import { removeAndHeal } from "./edits/flow-edits.ts";
import { addNode, connect, moveNodes, newNodeId, setConfig, setLabel, type XY } from "./graph-edits.ts";
import { type History, record, redo, startHistory, undo } from "./history.ts";
import { createSaveLoop, type SaveLoop, type SaveState } from "./save-loop.ts";
import { type CanvasEdge, type CanvasNode, toCanvas } from "./to-flow.ts";

export interface EditorState {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** The workflow as it is saved, with the steps to undo and redo. */
  readonly history: History<WorkflowGraph>;
  /** What React Flow draws: the same graph, plus what is selected and what is being dragged. */
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
  readonly save: SaveState;
  /** The edge whose end is being dragged. */
  readonly reconnecting: string | undefined;
  /** Where the dragged part will dock when it is dropped. */
  readonly dockHint: Dock | undefined;
}

export interface Editor extends CanvasCommands {
  readonly store: StoreApi<EditorState>;
  readonly saving: SaveLoop;
  readonly changeNodes: (changes: NodeChange<CanvasNode>[]) => void;
  readonly changeEdges: (changes: EdgeChange<CanvasEdge>[]) => void;
  readonly addNode: (type: string, position: XY) => string;
  /** The reason when there can be no such edge. */
  readonly connect: (connection: Connection) => string | undefined;
  /** Removes the selected parts and returns their number. */
  readonly removeSelected: () => { nodes: number; edges: number };
  readonly select: (nodeId: string | undefined) => void;
  readonly setConfig: (nodeId: string, config: WorkflowNode["data"]["config"], field: string) => void;
  readonly setLabel: (nodeId: string, label: string) => void;
  readonly rename: (name: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Shows the server's version. One undo restores the local one. */
  readonly loadTheirs: () => Promise<void>;
}

/** The graph that new wires are judged on: without the edge whose end is being moved. */
export function judgedGraph({ history: { present }, reconnecting }: EditorState): WorkflowGraph {
  if (reconnecting === undefined) return present;
  return { nodes: present.nodes, edges: present.edges.filter(({ id }) => id !== reconnecting) };
}

const typingPauseMs = 400;

const bodyOf = (workflow: WorkflowBody) => ({
  version: workflow.version,
  name: workflow.name,
  graph: { nodes: workflow.nodes, edges: workflow.edges },
});

/** One open workflow: its graph, its history and its saving. */
export function createEditor(workflow: WorkflowBody): Editor {
  const { slug } = workflow;
  const { graph } = bodyOf(workflow);
  const store = createStore<EditorState>(() => ({
    id: workflow.id,
    slug,
    name: workflow.name,
    history: startHistory<WorkflowGraph>(graph),
    ...toCanvas(graph, { nodes: [], edges: [], slug }),
    save: { kind: "saved" },
    reconnecting: undefined,
    dockHint: undefined,
  }));
  const get = store.getState;

  const saving = createSaveLoop({
    version: workflow.version,
    saved: { name: workflow.name, graph },
    current: () => ({ name: get().name, graph: get().history.present }),
    write: async ({ name, graph: { nodes, edges } }, version) =>
      (await saveWorkflow(slug, { version, name, nodes, edges })).version,
    read: async () => bodyOf(await readWorkflow(slug)),
    onState: (save) => store.setState({ save }),
  });

  const show = (history: History<WorkflowGraph>) =>
    store.setState({ history, ...toCanvas(history.present, get()) });
  const commit = (next: WorkflowGraph, change?: string, pauseMs = 0) => {
    show(record(get().history, next, change === undefined ? undefined : { name: change, at: Date.now() }));
    saving.changed(pauseMs);
  };
  const selectNodes = (ids: ReadonlySet<string>) => {
    const { nodes, edges } = get();
    store.setState({
      nodes: nodes.map((node) =>
        (node.selected ?? false) === ids.has(node.id) ? node : { ...node, selected: ids.has(node.id) },
      ),
      edges: edges.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)),
    });
  };
  const present = () => get().history.present;
  /** Whether nodes are dragged. Arrow keys move them without a drag. */
  let dragging = false;
  const hint = (held: { id: string; position: XY } | undefined) => {
    const node = held && present().nodes.find(({ id }) => id === held.id);
    const dockHint = node && held && findDock(present(), node, held.position);
    const before = get().dockHint;
    const same =
      dockHint?.agentId === before?.agentId &&
      dockHint?.position.x === before?.position.x &&
      dockHint?.position.y === before?.position.y;
    if (!same) store.setState({ dockHint });
  };
  const endMove = (ids: readonly string[]) => {
    const byHand = dragging;
    dragging = false;
    hint(undefined);
    const moved = moveNodes(present(), new Map(get().nodes.map((node) => [node.id, node.position])));
    const [only, ...others] = ids;
    // A single node that was dragged: it may have been dropped for an agent.
    const meant = byHand && only !== undefined && others.length === 0 && moved !== present();
    commit(meant ? dockMoved(moved, only) : moved, byHand ? undefined : "move");
  };
  const commands = createCanvasCommands({
    graph: present,
    name: () => get().name,
    selected: () => new Set(get().nodes.flatMap((node) => (node.selected ? [node.id] : []))),
    commit,
    select: selectNodes,
  });

  return {
    ...commands,
    store,
    saving,
    select: (nodeId) => selectNodes(new Set(nodeId === undefined ? [] : [nodeId])),
    changeNodes: (made) => {
      const changes = withDockedChanges(present(), made);
      store.setState({ nodes: applyNodeChanges(changes, get().nodes) });
      const moves = made.filter((change) => change.type === "position");
      const [held, ...others] = moves;
      if (held?.dragging && held.position) {
        dragging = true;
        hint(others.length === 0 ? { id: held.id, position: held.position } : undefined);
      }
      if (held && !held.dragging) endMove(moves.map(({ id }) => id));
    },
    changeEdges: (changes) => store.setState({ edges: applyEdgeChanges(changes, get().edges) }),
    addNode: (type, position) => {
      const id = newNodeId(type);
      commit(addNode(get().history.present, { id, type, position }));
      return id;
    },
    connect: (connection) => {
      const result = connect(get().history.present, connection);
      if ("reason" in result) return result.reason;
      commit(result.graph);
      return undefined;
    },
    removeSelected: () => {
      const { nodes, edges, history } = get();
      const parts = {
        nodes: new Set(nodes.filter((node) => node.selected).map((node) => node.id)),
        edges: new Set(edges.filter((edge) => edge.selected).map((edge) => edge.id)),
      };
      if (parts.nodes.size + parts.edges.size > 0) commit(removeAndHeal(history.present, parts));
      return { nodes: parts.nodes.size, edges: parts.edges.size };
    },
    setConfig: (nodeId, config, field) =>
      commit(setConfig(get().history.present, nodeId, config), `config ${nodeId} ${field}`, typingPauseMs),
    setLabel: (nodeId, label) =>
      commit(setLabel(get().history.present, nodeId, label), `label ${nodeId}`, typingPauseMs),
    rename: (name) => {
      store.setState({ name: name.trim() });
      saving.changed();
    },
    undo: () => {
      show(undo(get().history));
      saving.changed();
    },
    redo: () => {
      show(redo(get().history));
      saving.changed();
    },
    loadTheirs: async () => {
      const theirs = bodyOf(await readWorkflow(slug));
      store.setState({ name: theirs.name });
      show(record(get().history, theirs.graph));
      saving.adopt({ name: theirs.name, graph: theirs.graph }, theirs.version);
    },
  };
}
