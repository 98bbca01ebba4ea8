import { ArrowLeft, X } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { RunBody, RunWithEvents } from "../../../plugin/api/runs.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";
import { CardStatesProvider, createCardStates } from "../../canvas/card-states.tsx";
import { NodeIconMark } from "../../node-icons.tsx";
import { edgeTypes, nodeTypes } from "../canvas/node-types.tsx";
import canvasStyles from "../canvas/StudioCanvas.module.css";
import { useEditorState } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { type CanvasNode, toCanvas } from "../editor/to-flow.ts";
import { Bar, BarGap, wideOnlyClass } from "../kit/Bar.tsx";
import { Button, IconButton } from "../kit/Button.tsx";
import { PanelBody, PanelHead, SidePanel } from "../kit/SidePanel.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { ExchangeList } from "../panel/ExchangeList.tsx";
import { goTo } from "../router.ts";
import { RunStatusTag } from "../run/RunStatusTag.tsx";
import type { Exchange } from "../run/run-picture.ts";
import { viewRun } from "../run/run-view.ts";
import { starterWords } from "../run/starter-words.ts";
import { applyNodeChanges, Background, BackgroundVariant, type NodeChange, ReactFlow } from "../xyflow.ts";
import { describeStep } from "./describe-step.ts";
import styles from "./Replay.module.css";
import { StepCard, Timeline } from "./Timeline.tsx";

interface ReplayProps {
  readonly run: RunWithEvents;
  readonly graph: WorkflowGraph;
}

/** The canvas as it stood at one step of a run, and what happened at that step. */
export function Replay({ run, graph }: ReplayProps) {
  const slug = useEditorState((state) => state.slug);
  const { events } = run;
  // If no step is chosen, the newest is shown: a running run is followed.
  const [chosen, setStep] = useState<number>();
  const step = Math.min(chosen ?? events.length, events.length);
  const [nodeId, select] = useState<string>();
  const [states] = useState(createCardStates);

  const view = useMemo(() => viewRun(graph, events.slice(0, step)), [graph, events, step]);
  useEffect(() => states.setEdges(graph.edges), [states, graph]);
  useEffect(() => states.setStatuses(view), [states, view]);

  const told = useMemo(() => describeStep(graph, events, step - 1), [graph, events, step]);
  const node = graph.nodes.find(({ id }) => id === nodeId);
  const back = () => goTo(slug);
  return (
    <CardStatesProvider states={states}>
      <div className={styles.replay}>
        <ReplayBar run={run} onBack={back} />
        <main className={styles.main} aria-label="Replay">
          <ReplayCanvas graph={graph} onChosen={select} />
          <section className={styles.deck} aria-label="Steps of the run">
            <Timeline events={events} step={step} onStep={setStep} words={told} />
            <StepCard told={told} step={step} run={run} onBack={back} />
          </section>
        </main>
        {node && (
          <ReplayPanel
            node={node}
            exchanges={view.exchanges.get(node.id) ?? []}
            onClose={() => select(undefined)}
          />
        )}
      </div>
    </CardStatesProvider>
  );
}

/** Says that this is a past run, and leads back to editing. */
export function ReplayBar({ run, onBack }: { run: RunBody; onBack: () => void }) {
  const name = useEditorState((state) => state.name);
  return (
    <Bar className={styles.bar}>
      <TotemMark size={22} />
      <h1 className="totem-sr-only">Totem studio</h1>
      <p className={styles.of}>
        <strong>{`Run of ${exactTime(run.created_at)}`}</strong>
        <Muted as="span">{` · started by ${starterWords(run.started_by)} · version ${run.workflow_version} · ${name}`}</Muted>
      </p>
      <RunStatusTag status={run.status} />
      <BarGap />
      <Muted className={styles.readOnly} as="span">
        Read only
      </Muted>
      <Button aria-label="Back to editing" onClick={onBack}>
        <ArrowLeft size={14} aria-hidden />
        <span>
          Back<span className={wideOnlyClass}> to editing</span>
        </span>
      </Button>
    </Bar>
  );
}

interface ReplayPanelProps {
  readonly node: WorkflowNode;
  readonly exchanges: readonly Exchange[];
  readonly onClose: () => void;
}

/** What one node saw up to the shown step. For reading only. */
export function ReplayPanel({ node, exchanges, onClose }: ReplayPanelProps) {
  const card = findCard(node.type);
  return (
    <SidePanel aria-label="What this node saw">
      <PanelHead data-kind={card?.kind}>
        {card && (
          <span className="totem-card__icon">
            <NodeIconMark icon={card.palette.icon} />
          </span>
        )}
        <h2>{labelOf(node)}</h2>
        <IconButton aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </PanelHead>
      <PanelBody>
        {exchanges.length === 0 && <Muted>Nothing went in or out up to this step.</Muted>}
        <ExchangeList exchanges={exchanges} />
      </PanelBody>
    </SidePanel>
  );
}

const fitOptions = { padding: 0.14, maxZoom: 1, minZoom: 0.3 };

interface ReplayCanvasProps {
  readonly graph: WorkflowGraph;
  readonly onChosen: (nodeId: string | undefined) => void;
}

/** The graph of a past version. It can be looked at and chosen from; it cannot be changed. */
function ReplayCanvas({ graph, onChosen }: ReplayCanvasProps) {
  const [drawn] = useState(() => toCanvas(graph, { nodes: [], edges: [] }));
  const [nodes, setNodes] = useState(drawn.nodes);
  const change = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      // Only measures and selection: positions are those of the past version.
      const allowed = changes.filter(({ type }) => type === "dimensions" || type === "select");
      if (allowed.length === 0) return;
      setNodes((now) => applyNodeChanges(allowed, now));
      const chosen = allowed.filter((one) => one.type === "select");
      const on = chosen.find((one) => one.type === "select" && one.selected);
      if (chosen.length > 0) onChosen(on?.type === "select" ? on.id : undefined);
    },
    [onChosen],
  );
  return (
    <div className={canvasStyles.flow} data-testid="replay-canvas">
      <ReactFlow
        aria-label="Workflow as it was at this run"
        nodes={nodes}
        edges={drawn.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={change}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesReconnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={0.2}
        maxZoom={2}
        fitView
        fitViewOptions={fitOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
      </ReactFlow>
    </div>
  );
}
