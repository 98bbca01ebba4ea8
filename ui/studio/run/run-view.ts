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

/** What was made of the events of the run that each graph shows, so that more events cost only themselves. */
const taken = new WeakMap<WorkflowGraph, Taken>();

const continues = (events: readonly RunEvent[], before: readonly RunEvent[]): boolean =>
  before.length > 0 && events.length >= before.length && events[before.length - 1] === before.at(-1);

/** Everything the studio shows of a run, made from its events alone: a reload shows the same picture. */
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

/** The draft goes on changing; what was shown of it does not. */
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

/** What never had its turn is shown at rest; what was cut short shows where the run stopped, and how. */
function settle(parts: Map<string, PartStatus>, status: RunStatusName): void {
  for (const [id, part] of parts) {
    if (part === "running" && (status === "failed" || status === "cancelled")) parts.set(id, status);
    else if (part === "waiting" || part === "running") parts.delete(id);
  }
}
