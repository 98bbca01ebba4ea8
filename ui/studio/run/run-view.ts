import type { RunEvent, RunStatusName } from "../../../plugin/api/runs.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { PartStatus } from "../../canvas/card-states.tsx";
import { type RunDraft, startDraft, takeEvent } from "./run-draft.ts";
import { isFinished, type RunView } from "./run-picture.ts";

interface Taken {
  readonly events: readonly RunEvent[];
  readonly draft: RunDraft;
  readonly view: RunView;
}

/** The draft of the run that each graph shows, so that only new events are processed. */
const taken = new WeakMap<WorkflowGraph, Taken>();

const continues = (events: readonly RunEvent[], before: readonly RunEvent[]): boolean =>
  before.length > 0 && events.length >= before.length && events[before.length - 1] === before.at(-1);

/** Everything the studio shows of a run, from its events alone: a reload shows the same. */
export function viewRun(graph: WorkflowGraph, events: readonly RunEvent[]): RunView {
  const known = taken.get(graph);
  if (known?.events === events) return known.view;
  const goesOn = known && continues(events, known.events);
  const draft = goesOn ? known.draft : startDraft(graph);
  for (const event of events.slice(goesOn ? known.events.length : 0)) takeEvent(draft, event);
  const view = viewOf(draft);
  taken.set(graph, { events, draft, view });
  return view;
}

/** A copy: the draft changes later, what was shown does not. */
function viewOf({ status, nodes, edges, waits, arrivals, talk, exchanges }: RunDraft): RunView {
  const view = {
    status,
    nodes: new Map(nodes),
    edges: new Map(edges),
    waits: new Map(waits),
    arrivals: new Map(arrivals),
    talk: [...talk],
    exchanges: new Map(exchanges),
  };
  if (isFinished(status)) {
    settle(view.nodes, status);
    settle(view.edges, status);
  }
  return view;
}

/** Parts that never ran show no status; running parts show where the run stopped, and how. */
function settle(parts: Map<string, PartStatus>, status: RunStatusName): void {
  for (const [id, part] of parts) {
    if (part === "running" && (status === "failed" || status === "cancelled")) parts.set(id, status);
    else if (part === "waiting" || part === "running") parts.delete(id);
  }
}
