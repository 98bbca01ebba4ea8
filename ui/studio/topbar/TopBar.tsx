import { Check, CloudOff, LoaderCircle, type LucideIcon, PenLine, Play, TriangleAlert } from "lucide-react";
import { useStore } from "zustand";
import { ProblemList } from "../chat/ProblemList.tsx";
import { unreadDrafts } from "../editor/config-control.ts";
import {
  useEditor,
  useEditorState,
  useOpenWorkflow,
  useProblems,
  useWarnings,
} from "../editor/EditorContext.tsx";
import type { SaveState } from "../editor/save-loop.ts";
import { problemsMenuId, useRun } from "../editor/useRun.ts";
import { withKey } from "../keys/shortcuts.ts";
import { Bar, BarGap, wideOnlyClass } from "../kit/Bar.tsx";
import { Button, ButtonLink } from "../kit/Button.tsx";
import { Menu } from "../kit/Menu.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { useStudioPages } from "../person/studio-pages.ts";
import { useMay } from "../person/whoami.ts";
import { WorkflowMenu } from "../workflows/WorkflowMenu.tsx";
import { BellButton, ThemeButton, YouButton } from "./PageButtons.tsx";
import styles from "./TopBar.module.css";

export function TopBar() {
  const { editor } = useOpenWorkflow();
  return (
    <Bar>
      <TotemMark size={22} />
      <h1 className="totem-sr-only">Totem studio</h1>
      <WorkflowMenu />
      <SaveMark />
      <BarGap />
      {useStudioPages().map(([href, name]) => (
        <ButtonLink key={href} className={wideOnlyClass} kind="quiet" href={href}>
          {name}
        </ButtonLink>
      ))}
      <ProblemsButton />
      {useMay("runs:write") && <RunButton />}
      <BellButton />
      <ThemeButton />
      <YouButton before={editor.saving.flush} />
    </Bar>
  );
}

function RunButton() {
  const { busy, run } = useRun();
  return (
    <Button kind="primary" title={withKey("Run", "run")} disabled={busy} onClick={run}>
      <Play size={14} aria-hidden />
      {busy ? "Running…" : "Run"}
    </Button>
  );
}

const faces: Record<SaveState["kind"] | "draft", { text: string; Icon: LucideIcon }> = {
  saved: { text: "Saved", Icon: Check },
  saving: { text: "Saving…", Icon: LoaderCircle },
  unsaved: { text: "Saving…", Icon: LoaderCircle },
  stale: { text: "Not saved: changed elsewhere", Icon: TriangleAlert },
  offline: { text: "Not saved: server not reached, trying again", Icon: CloudOff },
  refused: { text: "Not saved", Icon: TriangleAlert },
  draft: { text: "Not valid yet: a setting is not saved", Icon: PenLine },
};

/** Whether what is on the canvas is also on the server. */
export function SaveMark() {
  const editor = useEditor();
  const save = useEditorState((state) => state.save);
  const hasDraft = useStore(unreadDrafts, ({ fields }) => fields.size > 0);
  const shown = save.kind === "saved" && hasDraft ? "draft" : save.kind;
  const { text, Icon } = faces[shown];
  const why = "message" in save ? save.message : undefined;
  return (
    <span className={styles.saved} data-save={shown}>
      <span role="status" title={why}>
        <Icon size={13} aria-hidden /> {text}
        {save.kind === "refused" && `: ${why}`}
      </span>
      {(save.kind === "refused" || save.kind === "offline") && (
        <Button kind="link" onClick={() => void editor.saving.flush()}>
          Try now
        </Button>
      )}
    </span>
  );
}

/** The number of problems that keep the workflow from running, else of warnings. It opens their list, and is absent without any. */
export function ProblemsButton() {
  const problems = useProblems();
  const warnings = useWarnings();
  const { runs } = useOpenWorkflow();
  const refused = useStore(runs.store, (state) => state.problems);
  // The server's list is shown only if the browser itself finds no problem: then the server knows more.
  const shown = problems.length > 0 ? problems : refused;
  // An empty canvas has its own instructions.
  const empty = useEditorState((state) => state.history.present.nodes.length === 0);
  const counted = shown.length > 0 ? shown : warnings;
  if (counted.length === 0 || empty) return null;
  const [word, purpose] =
    shown.length > 0 ? ["problem", "to fix before a run"] : ["warning", "about this workflow"];
  const words = counted.length === 1 ? word : `${word}s`;
  return (
    <Menu
      label={`${counted.length} ${words} ${purpose}`}
      kind="warning"
      align="end"
      id={problemsMenuId}
      button={
        <>
          <TriangleAlert size={14} aria-hidden /> {counted.length}{" "}
          <span className={wideOnlyClass}>{words}</span>
        </>
      }
    >
      {(close) => (
        <>
          {shown.length > 0 && (
            <>
              <h2 className={styles.problemsTitle}>Fix before a run</h2>
              <ProblemList problems={shown} onChosen={close} />
            </>
          )}
          {warnings.length > 0 && (
            <>
              <h2 className={styles.problemsTitle}>Runs, but look at it</h2>
              <ProblemList problems={warnings} label="Warnings" onChosen={close} />
            </>
          )}
        </>
      )}
    </Menu>
  );
}
