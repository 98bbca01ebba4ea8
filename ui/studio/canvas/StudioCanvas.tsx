import { type DragEvent, lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { agentToolsHandle } from "../../../plugin/handles.ts";
import { usernameOf } from "../../../plugin/username.ts";
import { isValidConnection } from "../../canvas/validate-connection.ts";
import { isNodeDrag, readDraggedNode } from "../../palette/node-drag.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { judgedGraph } from "../editor/editor-store.ts";
import { openOverlay } from "../editor/overlay.ts";
import { cardSize, leastZoom, wholeView } from "../editor/positions.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { useAskedReaders } from "../identity/StudioIdentities.tsx";
import { showToast } from "../kit/toasts.ts";
import { askAtDrop } from "../quick-add/ask-to-add.ts";
import { EdgePlus } from "../quick-add/EdgePlus.tsx";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type FinalConnectionState,
  type IsValidConnection,
  type OnConnectStart,
  ReactFlow,
  useReactFlow,
} from "../xyflow.ts";
import {
  ConnectionHint,
  connectingFrom,
  connectionOf,
  DockHint,
  dropTarget,
  EmptyCanvas,
  edgeUnder,
} from "./CanvasHints.tsx";
import { CanvasMap } from "./CanvasMap.tsx";
import { CanvasTools } from "./CanvasTools.tsx";
import { useKeptView, useRevealChosen, useStayInSight } from "./canvas-view.ts";
import { edgeTypes, nodeTypes } from "./node-types.tsx";
import styles from "./StudioCanvas.module.css";

// Not needed to show the canvas: they load right after it.
const KeyboardWiring = lazy(async () => ({
  default: (await import("../../keyboard/KeyboardWiring.tsx")).KeyboardWiring,
}));
const WirePreview = lazy(async () => ({
  default: (await import("../identity/WirePreview.tsx")).WirePreview,
}));
const ReadersPanel = lazy(async () => ({
  default: (await import("./ReadersPanel.tsx")).ReadersPanel,
}));

const fitOptions = { ...wholeView, minZoom: leastZoom };
const snapGrid: [number, number] = [10, 10];

/** Only a tool acts under the name of the agent it is wired to. */
const isToolEnd = ({ targetHandle }: { targetHandle?: string | null }): boolean =>
  targetHandle === agentToolsHandle.id;

/** Where the workflow is drawn, wired and selected. */
export function StudioCanvas() {
  const editor = useEditor();
  const nodes = useEditorState((state) => state.nodes);
  const edges = useEditorState((state) => state.edges);
  const slug = useEditorState((state) => state.slug);
  const readOnly = useReadOnly() !== undefined;
  const askedReaders = useAskedReaders().nodeId !== undefined;
  const frame = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  useRevealChosen();
  useStayInSight();
  // On an empty canvas it would wait for the first node, and move the view while that node is dropped.
  const keptView = useKeptView(editor);
  const [fitsAtFirst] = useState(nodes.length > 0 && !keptView);

  const drop = useCallback(
    (event: DragEvent) => {
      const type = readDraggedNode(event);
      if (type === undefined) return;
      event.preventDefault();
      dropTarget.show(undefined);
      const { width, height } = cardSize(type);
      const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      editor.dropNode(type, { x: x - width / 2, y: y - height / 2 }, edgeUnder(event.clientX, event.clientY));
    },
    [editor, flow],
  );

  const wiring = useMemo(() => {
    const graph = () => editor.store.getState().history.present;
    const check: IsValidConnection = (connection) =>
      isValidConnection(judgedGraph(editor.store.getState()), connection);
    const start: OnConnectStart = (_, { nodeId, handleId }) => {
      const node = graph().nodes.find(({ id }) => id === nodeId);
      const from = connectingFrom(node?.type, handleId);
      if (!from || !frame.current) return;
      // Written directly to the frame: the style sheet does the rest, and no card renders again.
      frame.current.dataset.connecting = from.kind;
      frame.current.dataset.connectingTo = from.to;
    };
    const end = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      delete frame.current?.dataset.connecting;
      delete frame.current?.dataset.connectingTo;
      const wanted = state.isValid === false ? connectionOf(state) : undefined;
      const { reconnecting } = editor.store.getState();
      if (!reconnecting) askAtDrop(event, state);
      const reason =
        wanted && (reconnecting ? editor.reconnect(reconnecting, wanted) : editor.connect(wanted));
      if (reason) showToast({ text: reason, tone: "warning" });
    };
    const connect = (connection: Connection) => void editor.connect(connection);
    const reconnect = (edge: Edge, connection: Connection) => {
      const reason = editor.reconnect(edge.id, connection);
      if (reason) showToast({ text: reason, tone: "warning" });
    };
    const take = (_: unknown, { id }: Edge) => editor.store.setState({ reconnecting: id });
    // Dropped over nothing, the edge stays: there is a key for deleting.
    const letGo = () => editor.store.setState({ reconnecting: undefined });
    return { check, start, end, connect, reconnect, take, letGo };
  }, [editor]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only takes drops; Enter in the palette adds a node too.
    <div
      ref={frame}
      className={styles.flow}
      data-testid="canvas"
      onDragOver={(event) => {
        if (!isNodeDrag(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        dropTarget.show(edgeUnder(event.clientX, event.clientY));
      }}
      onDragLeave={() => dropTarget.show(undefined)}
      onDrop={drop}
      onDoubleClick={(event) => {
        const onPane = event.target instanceof Element && event.target.matches(".react-flow__pane");
        if (onPane && !readOnly)
          openOverlay({ name: "add", ask: { at: { x: event.clientX, y: event.clientY } } });
      }}
    >
      <ReactFlow
        aria-label="Workflow canvas"
        // Takes the focus when the focused part is deleted.
        tabIndex={-1}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={editor.changeNodes}
        onEdgesChange={editor.changeEdges}
        onConnect={wiring.connect}
        onReconnect={wiring.reconnect}
        onReconnectStart={wiring.take}
        onReconnectEnd={wiring.letGo}
        edgesReconnectable={!readOnly}
        onConnectStart={wiring.start}
        onConnectEnd={wiring.end}
        isValidConnection={wiring.check}
        nodesDraggable={!readOnly}
        // A drag does not select the node: its settings would open during the drag.
        selectNodesOnDrag={false}
        nodesConnectable={!readOnly}
        connectionRadius={28}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
        snapToGrid
        snapGrid={snapGrid}
        minZoom={0.2}
        maxZoom={2}
        fitView={fitsAtFirst}
        defaultViewport={keptView}
        fitViewOptions={fitOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <CanvasMap />
        <EdgePlus />
        <CanvasTools />
        {!readOnly && (
          <Suspense>
            <KeyboardWiring
              nodes={nodes}
              edges={edges}
              onConnect={wiring.connect}
              describeTarget={(wire) =>
                isToolEnd(wire) ? ` as ${usernameOf(slug, wire.target)}` : undefined
              }
            />
          </Suspense>
        )}
        <DockHint />
      </ReactFlow>
      <ConnectionHint />
      <Suspense>
        <WirePreview />
      </Suspense>
      {askedReaders && (
        <Suspense>
          <ReadersPanel />
        </Suspense>
      )}
      {nodes.length === 0 && <EmptyCanvas />}
    </div>
  );
}
