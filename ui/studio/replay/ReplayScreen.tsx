import { useQuery } from "@tanstack/react-query";
import { readRun, readWorkflowVersion } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { Notice } from "../kit/Notice.tsx";
import { goTo } from "../router.ts";
import { isFinished } from "../run/run-picture.ts";
import { ReactFlowProvider } from "../xyflow.ts";
import { Replay } from "./Replay.tsx";

/** A run of the past on the canvas it ran on. Nothing here can change the workflow. */
export function ReplayScreen({ runId }: { runId: string }) {
  const slug = useEditorState((state) => state.slug);
  const { run, graph, isForeign, error, retry } = useReplayedRun(slug, runId);
  const back = { label: "Back to editing", run: () => goTo(slug) };
  if (isForeign || (error instanceof ApiError && error.status === 404))
    return (
      <Notice
        title="There is no such run here"
        text="It may belong to another workflow, or the address was cut short."
        action={back}
      />
    );
  if (error)
    return (
      <Notice
        title="The run cannot be read"
        text={messageOf(error)}
        action={{ label: "Try again", run: retry }}
      />
    );
  if (!run || !graph) return <Notice busy title="Opening the run…" />;
  return (
    <ReactFlowProvider>
      <Replay run={run} graph={graph} />
    </ReactFlowProvider>
  );
}

const untilFinishedMs = 2_000;

/** A past run and the graph it ran on. Neither changes any more once the run has ended. */
export function useReplayedRun(slug: string, runId: string) {
  const run = useQuery({
    queryKey: ["run", runId],
    queryFn: () => readRun(runId),
    refetchInterval: ({ state }) => (state.data && !isFinished(state.data.status) ? untilFinishedMs : false),
  });
  const version = run.data?.workflow_slug === slug ? run.data.workflow_version : undefined;
  const graph = useQuery({
    queryKey: ["workflow-version", slug, version],
    queryFn: () => readWorkflowVersion(slug, version ?? 0),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    run: run.data,
    graph: graph.data,
    isForeign: run.data !== undefined && version === undefined,
    error: run.error ?? graph.error,
    retry: () => void (run.error ? run.refetch() : graph.refetch()),
  };
}
