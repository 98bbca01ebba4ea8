import { ArrowLeft } from "lucide-react";
import type { RunBody } from "../../../plugin/api/runs.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { exactTime } from "../kit/times.ts";
import { RunStatusTag } from "../run/RunStatusTag.tsx";

/** Says that this is the past, and leads back. */
export function ReplayBar({ run, onBack }: { run: RunBody; onBack: () => void }) {
  const name = useEditorState((state) => state.name);
  return (
    <header className="replay__bar">
      <TotemMark size={22} />
      <h1 className="totem-sr-only">Totem studio</h1>
      <p className="replay__of">
        <strong>{`Run of ${exactTime(run.created_at)}`}</strong>
        <span className="muted">{` · version ${run.workflow_version} · ${name}`}</span>
      </p>
      <RunStatusTag status={run.status} />
      <span className="topbar__gap" />
      <span className="muted replay__read-only">Read only</span>
      <button type="button" className="button" aria-label="Back to editing" onClick={onBack}>
        <ArrowLeft size={14} aria-hidden />
        <span>
          Back<span className="wide-only"> to editing</span>
        </span>
      </button>
    </header>
  );
}
