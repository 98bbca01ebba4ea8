import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { RunBody } from "../../../plugin/api/runs.ts";
import { listRuns } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { Button } from "../kit/Button.tsx";
import { Muted } from "../kit/text.tsx";
import { exactTime, lengthOf, relativeTime } from "../kit/times.ts";
import { goToRun } from "../router.ts";
import { RunStatusTag } from "../run/RunStatusTag.tsx";
import { isFinished } from "../run/run-picture.ts";
import { starterWords } from "../run/starter-words.ts";
import styles from "./RunList.module.css";

/** As many as the server gives at once. */
const pageSize = 50;
const liveMs = 2_000;

/** Every run of this workflow, newest first; each opens as a replay on the canvas. */
export function RunList() {
  const { editor, runs } = useOpenWorkflow();
  const { slug } = editor.store.getState();
  const phase = useStore(runs.store, (state) => state.phase);
  const query = useInfiniteQuery({
    queryKey: ["runs", slug],
    queryFn: ({ pageParam }) => listRuns(slug, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ runs: page }) => (page.length < pageSize ? undefined : page.at(-1)?.id),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.runs.some(({ status }) => !isFinished(status))) ? liveMs : false,
  });
  const { refetch } = query;
  // A run of this page has begun or ended.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever the phase changes.
  useEffect(() => void refetch(), [phase, refetch]);
  const now = useNow();
  const rows = query.data?.pages.flatMap((page) => page.runs);

  return (
    <section className={styles.runs} aria-label="Runs" aria-busy={query.isPending}>
      {query.isPending && [1, 2, 3].map((row) => <div key={row} className={styles.skeleton} />)}
      {query.error && !rows && (
        <div className={styles.empty} role="alert">
          <p>{`The runs cannot be read. ${messageOf(query.error)}`}</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </div>
      )}
      {rows?.length === 0 && (
        <Muted className={styles.empty}>
          No runs yet. Press Run or send a message; every run stays here to look back on.
        </Muted>
      )}
      {rows && rows.length > 0 && (
        <ul className={styles.list}>
          {rows.map((run) => (
            <li key={run.id}>
              <RunRow run={run} now={now} onOpen={() => goToRun(slug, run.id)} />
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          className={styles.older}
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? "Reading…" : "Show older runs"}
        </Button>
      )}
    </section>
  );
}

const inputOf = ({ input }: RunBody) => input.replace(/\s+/g, " ").trim();

function RunRow({ run, now, onOpen }: { run: RunBody; now: number; onOpen: () => void }) {
  const begun = run.started_at ?? run.created_at;
  const took = lengthOf((run.finished_at ? Date.parse(run.finished_at) : now) - Date.parse(begun));
  const words = inputOf(run);
  const when = relativeTime(run.created_at, now);
  return (
    <button type="button" className={styles.row} title="Look back at this run" onClick={onOpen}>
      <RunStatusTag status={run.status} />
      <span className={styles.words} title={words}>
        {words || <Muted as="span">No input</Muted>}
      </span>
      <time className={styles.fact} dateTime={run.created_at} title={exactTime(run.created_at)}>
        {when}
      </time>
      <span className={styles.fact}>{took}</span>
      <span className={styles.fact}>{`version ${run.workflow_version}`}</span>
      <span className={styles.starter} title={`Started by ${starterWords(run.started_by)}`}>
        {`by ${starterWords(run.started_by)}`}
      </span>
    </button>
  );
}

/** The time, read again often enough for words like "2 minutes ago". */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
