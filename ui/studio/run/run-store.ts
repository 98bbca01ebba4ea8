import { createStore, type StoreApi } from "zustand/vanilla";
import type { RunEvent } from "../../../plugin/api/runs.ts";
import { type WorkflowProblem, workflowProblem } from "../../../plugin/api/workflows.ts";
import { isFinalEvent } from "../../../plugin/final-event.ts";
import { cancelRun, listRuns, readRun, runEventsUrl, startRun } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import type { followRun } from "./follow-run.ts";
import type { viewRun } from "./run-view.ts";

export interface ShownRun {
  readonly id: string;
  readonly input: string;
  readonly events: readonly RunEvent[];
}

export interface RunState {
  /** The run on the canvas: the newest. */
  readonly run: ShownRun | undefined;
  /** Turns a run's events into what is shown; set as soon as there is a run. */
  readonly viewRun: typeof viewRun | undefined;
  /** Earlier runs of this page, oldest first: the conversation above the newest. */
  readonly earlier: readonly ShownRun[];
  readonly phase: "loading" | "idle" | "starting" | "following" | "cancelling";
  readonly connected: boolean;
  /** Whether the chat is open. A run opens it, because it shows what the run says. */
  readonly chatOpen: boolean;
  /** What the panel below the canvas shows. */
  readonly tab: "chat" | "runs";
  /** Whether Run was pressed without the message that the run starts with. */
  readonly messageAsked: boolean;
  /** Why a run could not be started or read. */
  readonly trouble: string | undefined;
  /** The problems for which the server refused to run. */
  readonly problems: readonly WorkflowProblem[];
}

export interface RunStore {
  readonly store: StoreApi<RunState>;
  /** Shows the newest run, and follows it if it has not ended. */
  readonly open: () => Promise<void>;
  readonly start: (input: string | undefined) => Promise<boolean>;
  readonly cancel: () => Promise<void>;
  readonly clear: () => void;
  /** The canvas has changed since the server refused it. */
  readonly forgetRefusal: () => void;
  /** Asks in the chat for the message that a run starts with, or stops asking. */
  readonly askForMessage: (asked: boolean) => void;
  readonly stop: () => void;
}

export const hasEnded = (run: ShownRun): boolean => run.events.some(isFinalEvent);

type FollowRun = typeof followRun;

export interface RunStoreOptions {
  /** Loads what is needed as soon as there is a run to show. It is not part of the first view. */
  readonly load: () => Promise<{ readonly followRun: FollowRun; readonly viewRun: typeof viewRun }>;
  /** Called with every new event. */
  readonly onEvents: (events: readonly RunEvent[]) => void;
}

/** The runs of one workflow, as this page shows them. */
export function createRunStore(slug: string, { load, onEvents }: RunStoreOptions): RunStore {
  const store = createStore<RunState>(() => ({
    run: undefined,
    viewRun: undefined,
    earlier: [],
    phase: "loading",
    connected: true,
    chatOpen: true,
    tab: "chat",
    messageAsked: false,
    trouble: undefined,
    problems: [],
  }));
  const get = store.getState;
  let unfollow = () => {};
  let stopped = false;

  function follow(id: string, followRun: FollowRun): void {
    unfollow();
    store.setState({ phase: "following", connected: true });
    unfollow = followRun({
      url: runEventsUrl(id),
      onConnected: (connected) => store.setState({ connected }),
      onEvents: (events) => {
        const { run } = get();
        if (run?.id !== id) return;
        const seen = new Set(run.events.map(({ seq }) => seq));
        const news = events.filter(({ seq }) => !seen.has(seq));
        const next = { ...run, events: [...run.events, ...news] };
        store.setState({ run: next, ...(hasEnded(next) ? { phase: "idle" as const } : {}) });
        onEvents(news);
      },
      onLost: () => {
        store.setState({ connected: false });
        setTimeout(() => void reread(id), 2_000);
      },
    });
  }

  async function reread(id: string): Promise<void> {
    if (stopped || get().run?.id !== id) return;
    try {
      await show(id);
    } catch (error) {
      if (error instanceof ApiError && error.isPassing) setTimeout(() => void reread(id), 4_000);
      else store.setState({ phase: "idle", trouble: messageOf(error) });
    }
  }

  async function show(id: string): Promise<void> {
    const [{ events, input }, { followRun, viewRun }] = await Promise.all([readRun(id), load()]);
    if (stopped) return;
    const run = { id, input, events };
    store.setState({ run, viewRun, connected: true });
    if (hasEnded(run)) store.setState({ phase: "idle" });
    else follow(id, followRun);
  }

  return {
    store,
    open: async () => {
      stopped = false;
      try {
        const [newest] = (await listRuns(slug)).runs;
        if (newest) await show(newest.id);
        else store.setState({ phase: "idle" });
      } catch (error) {
        store.setState({ phase: "idle", trouble: messageOf(error) });
      }
    },
    start: async (input) => {
      const before = get();
      store.setState({ phase: "starting", chatOpen: true, tab: "chat", trouble: undefined, problems: [] });
      try {
        // Loaded before the run starts, so that every run can be shown.
        const { followRun, viewRun } = await load();
        const { id } = await startRun(slug, input);
        const earlier = before.run ? [...before.earlier, before.run].slice(-20) : before.earlier;
        store.setState({ earlier, viewRun, run: { id, input: input ?? "", events: [] } });
        follow(id, followRun);
        return true;
      } catch (error) {
        store.setState({ phase: "idle", trouble: messageOf(error), problems: problemsOf(error) });
        return false;
      }
    },
    cancel: async () => {
      const { run } = get();
      if (!run) return;
      store.setState({ phase: "cancelling" });
      try {
        await cancelRun(run.id);
      } catch (error) {
        // It has ended by itself: its last event will come.
        if (!(error instanceof ApiError && error.code === "RUN_FINISHED"))
          store.setState({ trouble: messageOf(error), phase: "following" });
      }
    },
    clear: () => store.setState({ run: undefined, earlier: [], trouble: undefined, problems: [] }),
    forgetRefusal: () => {
      if (get().problems.length > 0) store.setState({ trouble: undefined, problems: [] });
    },
    askForMessage: (messageAsked) => store.setState({ messageAsked }),
    stop: () => {
      stopped = true;
      unfollow();
    },
  };
}

function problemsOf(error: unknown): WorkflowProblem[] {
  if (!(error instanceof ApiError)) return [];
  return (error.problem?.problems ?? []).flatMap((item) => {
    const parsed = workflowProblem.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}
