import { LogOut, Monitor, Moon, Play, Sun } from "lucide-react";
import { signOut } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { withKey } from "../keys/shortcuts.ts";
import { TotemMark } from "../kit/TotemMark.tsx";
import { showToast } from "../kit/toasts.ts";
import { useRun } from "../run/useRun.ts";
import { chooseTheme, type ThemeChoice, useTheme } from "../theme.ts";
import { WorkflowMenu } from "../workflows/WorkflowMenu.tsx";
import { ProblemsButton } from "./ProblemsButton.tsx";
import { SaveMark } from "./SaveMark.tsx";

export function TopBar() {
  return (
    <header className="topbar">
      <TotemMark size={22} />
      <h1 className="totem-sr-only">Totem studio</h1>
      <WorkflowMenu />
      <SaveMark />
      <span className="topbar__gap" />
      <ProblemsButton />
      <RunButton />
      <ThemeButton />
      <SignOutButton />
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

const nextTheme: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const themeWords: Record<ThemeChoice, string> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};

function ThemeButton() {
  const theme = useTheme();
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`${themeWords[theme]}. Change`}
      title={themeWords[theme]}
      onClick={() => chooseTheme(nextTheme[theme])}
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}

function SignOutButton() {
  const { editor } = useOpenWorkflow();
  async function leave() {
    try {
      await editor.saving.flush();
      await signOut();
      location.assign("/");
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    }
  }
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Sign out"
      title="Sign out"
      onClick={() => void leave()}
    >
      <LogOut size={16} aria-hidden />
    </button>
  );
}
