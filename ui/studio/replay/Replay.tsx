import { useEffect, useMemo, useState } from "react";
import type { RunWithEvents } from "../../../plugin/api/runs.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { CardStatesProvider, createCardStates } from "../../canvas/card-states.tsx";
import { useEditorState } from "../editor/EditorContext.tsx";
import { goTo } from "../router.ts";
import { viewRun } from "../run/run-view.ts";
import { describeStep } from "./describe-step.ts";
import { ReplayBar } from "./ReplayBar.tsx";
import { ReplayCanvas } from "./ReplayCanvas.tsx";
import { ReplayPanel } from "./ReplayPanel.tsx";
import { StepCard } from "./StepCard.tsx";
import { Timeline } from "./Timeline.tsx";

interface ReplayProps {
  readonly run: RunWithEvents;
  readonly graph: WorkflowGraph;
}

/** The canvas as it stood at one step of a run, and what happened at that step. */
export function Replay({ run, graph }: ReplayProps) {
  const slug = useEditorState((state) => state.slug);
  const { events } = run;
  // Unless a step was chosen, the newest is shown: a run that is still going is followed.
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
      <div className="replay">
        <ReplayBar run={run} onBack={back} />
        <main className="replay__main" aria-label="Replay">
          <ReplayCanvas graph={graph} onChosen={select} />
          <section className="replay__deck" aria-label="Steps of the run">
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
