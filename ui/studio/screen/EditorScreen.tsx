import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { WorkflowBody } from "../../../plugin/api/workflows.ts";
import { AddPartProvider, AnswerWaitProvider } from "../../canvas/card-actions.tsx";
import { CardStatesProvider, createCardStates } from "../../canvas/card-states.tsx";
import { outlivesPage, saveWorkflow } from "../api/endpoints.ts";
import { StudioCodeSource, StudioNotes } from "../canvas/CardProviders.tsx";
import { StudioCanvas } from "../canvas/StudioCanvas.tsx";
import { StudioPalette } from "../canvas/StudioPalette.tsx";
import { ChatPanel } from "../chat/ChatPanel.tsx";
import { Announcer } from "../editor/Announcer.tsx";
import {
  createVaultMarks,
  OpenWorkflowProvider,
  useCardStates,
  useEditor,
  useEditorState,
  useOpenWorkflow,
} from "../editor/EditorContext.tsx";
import { createEditor } from "../editor/editor-store.ts";
import { closeOverlay, openAnswerWait, openedOverlay } from "../editor/overlay.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { StudioIdentities, useAskedReaders } from "../identity/StudioIdentities.tsx";
import { Notice } from "../kit/Notice.tsx";
import { SidePanel } from "../kit/SidePanel.tsx";
import { showToast } from "../kit/toasts.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { useMay } from "../person/whoami.ts";
import { askAtHandle } from "../quick-add/ask-to-add.ts";
import { useOfAddress } from "../router.ts";
import { createProofStore } from "../run/proof.ts";
import { createRunStore } from "../run/run-store.ts";
import { sessionStore } from "../session.ts";
import { TopBar } from "../topbar/TopBar.tsx";
import { lastOpened } from "../workflows/last-opened.ts";
import { ReactFlowProvider } from "../xyflow.ts";
import styles from "./EditorScreen.module.css";
import { useClipboard } from "./useClipboard.ts";
import { useShortcuts } from "./useShortcuts.ts";

// Not part of the first view: it loads when a node is selected.
const NodePanel = lazy(async () => ({ default: (await import("../panel/NodePanel.tsx")).NodePanel }));

// Only after another person saved first.
const StaleBanner = lazy(async () => ({ default: (await import("./StaleBanner.tsx")).StaleBanner }));

const ProofCard = lazy(async () => ({ default: (await import("../proof/ProofCard.tsx")).ProofCard }));

const ReplayScreen = lazy(async () => ({
  default: (await import("../replay/ReplayScreen.tsx")).ReplayScreen,
}));

/** One workflow, open: canvas, palette, settings and chat around the same editor. */
export function EditorScreen({ workflow }: { workflow: WorkflowBody }) {
  const queries = useQueryClient();
  const [open] = useState(() => {
    // A tool may have created, changed or used an account or a vault entry.
    const forgetAccounts = () => {
      void queries.invalidateQueries({ queryKey: ["agent-user"] });
      void queries.invalidateQueries({ queryKey: ["identities", workflow.slug] });
      void queries.invalidateQueries({ queryKey: ["vault"] });
    };
    return {
      editor: createEditor(workflow),
      runs: createRunStore(workflow.slug, {
        load: () => import("../chat/Talk.tsx"),
        onEvents: (events) => {
          if (events.some(({ type }) => type === "tool.finished")) forgetAccounts();
        },
      }),
      proof: createProofStore(workflow.slug, forgetAccounts),
      vault: createVaultMarks(),
    };
  });
  const states = useMemo(createCardStates, []);
  const mayAnswer = useMay("mail:manage");

  useEffect(() => {
    lastOpened.write(workflow.slug);
    document.title = `${workflow.name} · Totem`;
    void open.runs.open();
    return () => {
      open.runs.stop();
      open.proof.close();
    };
  }, [open, workflow]);

  useEffect(
    () =>
      open.editor.store.subscribe(({ history }, before) => {
        if (history.present === before.history.present) return;
        open.runs.forgetRefusal();
        open.proof.close();
      }),
    [open],
  );
  useEffect(
    () =>
      open.runs.store.subscribe(({ phase }) => {
        if (phase === "starting") open.proof.close();
      }),
    [open],
  );

  return (
    <OpenWorkflowProvider value={open}>
      <EditorOrPastRun>
        <CardStatesProvider states={states}>
          <ReactFlowProvider>
            <StudioIdentities>
              <StudioCodeSource>
                <StudioNotes>
                  <AddPartProvider onAddPart={askAtHandle}>
                    <AnswerWaitProvider onHelp={mayAnswer ? openAnswerWait : undefined}>
                      <Screen states={states} />
                    </AnswerWaitProvider>
                  </AddPartProvider>
                </StudioNotes>
              </StudioCodeSource>
            </StudioIdentities>
          </ReactFlowProvider>
        </CardStatesProvider>
      </EditorOrPastRun>
    </OpenWorkflowProvider>
  );
}

/** The editor, or the past run that the address names. With a past run, the editor is not on the page. */
function EditorOrPastRun({ children }: { children: ReactNode }) {
  const runId = useOfAddress("run");
  const lapsed = useStore(sessionStore, (session) => session.lapsed);
  useSavingOnLeave(lapsed);
  if (runId === undefined) return children;
  return (
    <Suspense fallback={<Notice busy title="Opening the run…" />}>
      <ReplayScreen key={runId} runId={runId} />
    </Suspense>
  );
}

function Screen({ states }: { states: ReturnType<typeof createCardStates> }) {
  useShortcuts();
  useClipboard();
  useCardStates(states);
  const { proof } = useOpenWorkflow();
  const proving = useStore(proof.store, ({ agentId }) => agentId !== undefined);
  const narrow = useIsNarrow();
  const readOnly = useReadOnly() !== undefined;
  const askedReaders = useAskedReaders().nodeId !== undefined;
  const stale = useEditorState((state) => state.save.kind === "stale");
  const chosen = useEditorState(
    (state) => state.nodes.some((node) => node.selected) || state.edges.some((edge) => edge.selected),
  );
  // In a narrow window the settings would cover the proof or the readers; they come back after that.
  const settings = chosen && !(narrow && (proving || askedReaders));
  return (
    <div className={styles.screen} data-panel={settings ? "" : undefined}>
      <TopBar />
      {stale && (
        <Suspense>
          <StaleBanner />
        </Suspense>
      )}
      <Announcer />
      {!readOnly && <StudioPalette />}
      <main className={styles.main}>
        <div className={styles.frame}>
          <StudioCanvas />
          {proving && (
            <Suspense>
              <ProofCard />
            </Suspense>
          )}
        </div>
        <ChatPanel />
      </main>
      {settings && (
        <Suspense fallback={<SidePanel aria-busy="true" aria-label="Settings" />}>
          <NodePanel />
        </Suspense>
      )}
      <OpenOverlay />
    </div>
  );
}

// None of them is on the first view.
const ShortcutSheet = lazy(async () => ({
  default: (await import("../keys/ShortcutSheet.tsx")).ShortcutSheet,
}));
const FindNode = lazy(async () => ({ default: (await import("../find/FindNode.tsx")).FindNode }));

const QuickAdd = lazy(async () => ({ default: (await import("../quick-add/QuickAdd.tsx")).QuickAdd }));
const ExportDialog = lazy(async () => ({
  default: (await import("../transfer/ExportDialog.tsx")).ExportDialog,
}));
const ImportDialog = lazy(async () => ({
  default: (await import("../transfer/ImportDialog.tsx")).ImportDialog,
}));

const PickCode = lazy(async () => ({ default: (await import("../inbox/pick/PickCode.tsx")).PickCode }));

/** Draws the overlay that is open. */
function OpenOverlay() {
  const open = useStore(openedOverlay, (state) => state.open);
  useEffect(() => () => closeOverlay(), []);
  const name = open?.name;
  const close = useCallback(() => closeOverlay(name), [name]);
  return (
    <Suspense>
      {open?.name === "sheet" && <ShortcutSheet onClose={close} />}
      {open?.name === "find" && <FindNode onClose={close} />}
      {open?.name === "add" && <QuickAdd ask={open.ask} onClose={close} />}
      {open?.name === "export" && <ExportDialog onClose={close} />}
      {open?.name === "code" && <PickCode waitId={open.waitId} onClose={close} />}
      {open?.name === "import" && <ImportDialog onClose={close} />}
    </Suspense>
  );
}

/** Saves the last changes when the page closes, the network returns or another workflow opens. */
function useSavingOnLeave(lapsed: boolean): void {
  const editor = useEditor();
  useEffect(() => {
    const { saving, store } = editor;
    const flush = () => void saving.flush();
    const leave = (event: BeforeUnloadEvent) => {
      if (!saving.isDirty()) return;
      const { slug, name, history, save } = store.getState();
      const draft = { version: saving.version(), name, ...history.present };
      // A change of this moment: its request outlives the page. Otherwise saving is stuck, and the person decides.
      if (save.kind === "unsaved" && outlivesPage(draft)) saveWorkflow(slug, draft).catch(() => {});
      else event.preventDefault();
    };
    window.addEventListener("online", flush);
    window.addEventListener("beforeunload", leave);
    return () => {
      window.removeEventListener("online", flush);
      window.removeEventListener("beforeunload", leave);
      void saving.flush().then((done) => {
        if (done) return saving.stop();
        const { name, save } = store.getState();
        showToast({
          text: `The last changes to “${name}” are not saved${save.kind === "offline" ? " yet" : ""}.`,
          tone: "warning",
          action: { label: "Save them", run: () => void saving.overwrite() },
        });
      });
    };
  }, [editor]);
  useEffect(() => {
    if (!lapsed && editor.saving.isDirty()) void editor.saving.flush();
  }, [editor, lapsed]);
}
