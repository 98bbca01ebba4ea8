import { TriangleAlert } from "lucide-react";
import { useStore } from "zustand";
import { useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import { useProblems } from "../editor/useCardStates.ts";
import { Menu } from "../kit/Menu.tsx";
import { problemsMenuId } from "./open-problems.ts";
import { ProblemList } from "./ProblemList.tsx";

/** How many things keep the workflow from running; opens the list. Absent when there are none. */
export function ProblemsButton() {
  const problems = useProblems();
  const { runs } = useOpenWorkflow();
  const refused = useStore(runs.store, (state) => state.problems);
  // The server's list is shown only as long as the browser finds nothing itself: then it knows more.
  const shown = problems.length > 0 ? problems : refused;
  // An empty canvas says what to do by itself.
  const empty = useEditorState((state) => state.history.present.nodes.length === 0);
  if (shown.length === 0 || empty) return null;
  const word = shown.length === 1 ? "problem" : "problems";
  return (
    <Menu
      label={`${shown.length} ${word} to mend before a run`}
      className="button button--warning"
      align="end"
      id={problemsMenuId}
      button={
        <>
          <TriangleAlert size={14} aria-hidden /> {shown.length} <span className="wide-only">{word}</span>
        </>
      }
    >
      {(close) => (
        <>
          <h2 className="problems__title">Mend before a run</h2>
          <ProblemList problems={shown} onChosen={close} />
        </>
      )}
    </Menu>
  );
}
