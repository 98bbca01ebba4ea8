import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./Conversation.module.css";

// Loaded already when there is a run: the store loads it before it shows one.
const Talk = lazy(async () => ({ default: (await import("./Talk.tsx")).Talk }));

/** Every run of this page as one conversation, oldest first. It scrolls to its end unless the person has scrolled up. */
export function Conversation({ children }: { children: ReactNode }) {
  const { runs } = useOpenWorkflow();
  const earlier = useStore(runs.store, (state) => state.earlier);
  const run = useStore(runs.store, (state) => state.run);
  const phase = useStore(runs.store, (state) => state.phase);
  const frame = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastTop = useRef(0);

  const follow = useCallback(() => {
    if (!atEnd.current) return;
    // In the next frame, which computes the layout anyway.
    const soon = requestAnimationFrame(() => {
      if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
    });
    return () => cancelAnimationFrame(soon);
  }, []);

  // A person who sends a message wants to see its run.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every run that begins.
  useEffect(() => {
    atEnd.current = true;
    return follow();
  }, [follow, run?.id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever something was added.
  useEffect(follow, [follow, children]);

  // Also when there is less room, such as above the keyboard of a phone.
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const sizes = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    sizes.observe(box);
    return () => sizes.disconnect();
  }, []);

  return (
    <div
      ref={frame}
      className={styles.conversation}
      role="log"
      aria-label="Conversation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        // Only a person scrolls up. An event may come after more was added below.
        if (scrollTop + clientHeight > scrollHeight - 24) atEnd.current = true;
        else if (scrollTop < lastTop.current) atEnd.current = false;
        lastTop.current = scrollTop;
      }}
    >
      {!run && phase === "idle" && (
        <Muted className={styles.empty}>
          Send a message to run the workflow. What the agent says and does appears here.
        </Muted>
      )}
      {run && (
        <Suspense>
          <Talk earlier={earlier} run={run} onDrawn={follow} />
        </Suspense>
      )}
      {children}
    </div>
  );
}
