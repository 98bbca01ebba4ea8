import { ApiError, messageOf } from "../api/request.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { Notice } from "../kit/Notice.tsx";
import { goTo } from "../router.ts";
import { ReactFlowProvider } from "../xyflow.ts";
import { Replay } from "./Replay.tsx";
import { useReplayedRun } from "./useReplayedRun.ts";

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
