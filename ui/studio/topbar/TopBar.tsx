import { Play } from "lucide-react";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { withKey } from "../keys/shortcuts.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { useRun } from "../run/useRun.ts";
import { WorkflowMenu } from "../workflows/WorkflowMenu.tsx";
import { SignOutButton, ThemeButton } from "./PageButtons.tsx";
import { ProblemsButton } from "./ProblemsButton.tsx";
import { SaveMark } from "./SaveMark.tsx";

export function TopBar() {
  const { editor } = useOpenWorkflow();
  return (
    <header className="topbar">
      <TotemMark size={22} />
      <h1 className="totem-sr-only">Totem studio</h1>
      <WorkflowMenu />
      <SaveMark />
      <span className="topbar__gap" />
      <PageLink className="button button--quiet wide-only" href="/vault">
        Vault
      </PageLink>
      <PageLink className="button button--quiet wide-only" href="/inbox">
        Inbox
      </PageLink>
      <PageLink className="button button--quiet wide-only" href="/hosts">
        Hosts
      </PageLink>
      <PageLink className="button button--quiet wide-only" href="/audit">
        Audit log
      </PageLink>
      <ProblemsButton />
      <RunButton />
      <ThemeButton />
      <SignOutButton before={editor.saving.flush} />
    </header>
  );
}

function RunButton() {
  const { busy, run } = useRun();
  return (
    <button
      type="button"
      className="button button--primary"
      title={withKey("Run", "run")}
      disabled={busy}
      onClick={run}
    >
      <Play size={14} aria-hidden />
      {busy ? "Running…" : "Run"}
    </button>
  );
}
