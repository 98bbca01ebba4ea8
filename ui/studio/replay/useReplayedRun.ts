import { useQuery } from "@tanstack/react-query";
import { readRun, readWorkflowVersion } from "../api/endpoints.ts";
import { isFinished } from "../run/run-view.ts";

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
