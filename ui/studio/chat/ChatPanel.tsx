import { ArrowUp, ChevronDown, ChevronUp, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import { findCard } from "../../../plugin/node-cards.ts";
import { isScripted } from "../../../plugin/scripted-model.ts";
import { scriptedNotice } from "../../canvas/card-text.ts";
import { useEditorState, useOpenWorkflow, useRunView } from "../editor/EditorContext.tsx";
import { useStartRun } from "../editor/useRun.ts";
import { BarGap } from "../kit/Bar.tsx";
import { Button, IconButton } from "../kit/Button.tsx";
import { TextArea } from "../kit/Field.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { useMay } from "../person/whoami.ts";
import { runStatusTones, runStatusWords } from "../run/RunStatusTag.tsx";
import type { RunState } from "../run/run-store.ts";
import styles from "./ChatPanel.module.css";
import { Conversation } from "./Conversation.tsx";
import { ProblemList } from "./ProblemList.tsx";

// Not part of the first view: it loads when past runs are opened.
const RunList = lazy(async () => ({ default: (await import("./RunList.tsx")).RunList }));

/** Sends messages to the workflow and shows what it did. */
export function ChatPanel() {
  const { runs } = useOpenWorkflow();
  const phase = useStore(runs.store, (state) => state.phase);
  const connected = useStore(runs.store, (state) => state.connected);
  const trouble = useStore(runs.store, (state) => state.trouble);
  const problems = useStore(runs.store, (state) => state.problems);
  const hasRun = useStore(runs.store, (state) => state.run !== undefined);
  const view = useRunView();
  const scripted = useEditorState(({ history: { present } }) =>
    present.nodes.some((node) => findCard(node.type)?.kind === "model" && isScripted(node.data.config)),
  );
  const open = useStore(runs.store, (state) => state.chatOpen);
  const tab = useStore(runs.store, (state) => state.tab);
  const busy = phase === "starting" || phase === "following" || phase === "cancelling";
  const mayRun = useMay("runs:write");
  return (
    <section className={styles.chat} data-open={open ? "" : undefined} aria-label="Chat">
      <header className={styles.head}>
        <h2 className="totem-sr-only">Chat and runs</h2>
        <PanelTabs tab={tab} />
        {view && (
          <Tag
            tone={runStatusTones[view.status]}
            data-status={view.status}
            data-testid="run-status"
            role="status"
          >
            {runStatusWords[view.status]}
          </Tag>
        )}
        {busy && !connected && <Muted as="span">Connection lost, trying again…</Muted>}
        {scripted && <span className={styles.scripted}>{scriptedNotice}</span>}
        <BarGap />
        {busy && mayRun && (
          <Button disabled={phase !== "following"} onClick={() => void runs.cancel()}>
            <Square size={11} fill="currentColor" aria-hidden />
            {phase === "cancelling" ? "Cancelling…" : "Cancel"}
          </Button>
        )}
        {hasRun && !busy && (
          <Button kind="quiet" onClick={runs.clear}>
            Clear
          </Button>
        )}
        <IconButton
          aria-expanded={open}
          aria-label={open ? "Fold the chat" : "Unfold the chat"}
          onClick={() => runs.store.setState({ chatOpen: !open })}
        >
          {open ? <ChevronDown size={16} aria-hidden /> : <ChevronUp size={16} aria-hidden />}
        </IconButton>
      </header>
      {open && tab === "runs" && (
        <div className={styles.body} role="tabpanel" id="panel-runs" aria-labelledby="tab-runs">
          <Suspense fallback={<div className={styles.loading} aria-busy="true" />}>
            <RunList />
          </Suspense>
        </div>
      )}
      {open && tab === "chat" && (
        <div className={styles.body} role="tabpanel" id="panel-chat" aria-labelledby="tab-chat">
          <Conversation>
            {(trouble || problems.length > 0) && (
              <div className={styles.trouble} role="alert">
                <p>{trouble}</p>
                {problems.length > 0 && <ProblemList problems={problems} />}
              </div>
            )}
          </Conversation>
          {mayRun ? (
            <Composer busy={busy} />
          ) : (
            <Muted className={styles.mayNot}>
              Your role reads runs. A builder, administrator or owner starts them.
            </Muted>
          )}
        </div>
      )}
    </section>
  );
}

function Composer({ busy }: { busy: boolean }) {
  const { runs } = useOpenWorkflow();
  const messageAsked = useStore(runs.store, (state) => state.messageAsked);
  const { trigger, start } = useStartRun();
  const [text, setText] = useState("");
  async function send(event?: FormEvent) {
    event?.preventDefault();
    const message = text.trim();
    if (message === "" || busy) return;
    setText("");
    runs.askForMessage(false);
    // A message that started no run goes back to the text field.
    if (!(await start(message))) setText((now) => (now === "" ? message : now));
  }
  return (
    <>
      <p className={styles.ask} role="status">
        {messageAsked && text.trim() === "" && "Write a message first"}
      </p>
      <form className={styles.composer} onSubmit={(event) => void send(event)}>
        <TextArea
          id="chat-input"
          rows={1}
          maxLength={20_000}
          aria-label="Message"
          placeholder={trigger === "button" ? "Run with this input…" : "Write a message…"}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            runs.askForMessage(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void send();
            }
          }}
        />
        <IconButton
          type="submit"
          primary
          aria-label="Send"
          title="Send (Enter)"
          disabled={busy || text.trim() === ""}
        >
          <ArrowUp size={16} aria-hidden />
        </IconButton>
      </form>
    </>
  );
}

const tabs = [
  ["chat", "Chat"],
  ["runs", "Runs"],
] as const;

/** Chat or the runs of the past: arrow keys move between the two, as in any row of tabs. */
export function PanelTabs({ tab }: { tab: RunState["tab"] }) {
  const { runs } = useOpenWorkflow();
  const choose = (next: RunState["tab"]) => runs.store.setState({ tab: next, chatOpen: true });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const next = tab === "chat" ? "runs" : "chat";
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label="Chat and runs">
      {tabs.map(([id, words]) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          className={styles.tab}
          aria-selected={tab === id}
          aria-controls={tab === id ? `panel-${id}` : undefined}
          tabIndex={tab === id ? 0 : -1}
          onClick={() => choose(id)}
          onKeyDown={onKey}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
