import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { VerifyLine } from "../../../plugin/api/audit-seals.ts";
import { listStreams, readSeal, verifyLog } from "../api/audit-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import styles from "./SealBar.module.css";
import { reportWords, sealWords, streamWords, unsealedWords } from "./seal-words.ts";

/** As often as the log is sealed, about. */
const everyMs = 3_000;

/** How far the log is sealed, a button that verifies it, and where it is streamed to. */
export function SealBar() {
  const seal = useQuery({ queryKey: ["audit-seal"], queryFn: readSeal, refetchInterval: everyMs });
  const { verify, line, problem, busy } = useVerify();
  const now = seal.dataUpdatedAt;
  if (!seal.data) return null;
  const rest = unsealedWords(seal.data);
  return (
    <section className={styles.bar} aria-label="Seal of the log">
      <div className={styles.line}>
        <ShieldCheck size={16} aria-hidden />
        <span title={seal.data.key_id === null ? undefined : `Key ${seal.data.key_id}`}>
          {sealWords(seal.data, now)}
        </span>
        {rest && <Muted as="span">{rest}</Muted>}
        <Button disabled={busy} onClick={() => void verify()}>
          {busy ? "Verifying…" : "Verify"}
        </Button>
      </div>
      <div role="status">
        {line?.event === "progress" && (
          <progress value={line.rows} max={line.of} aria-label="Rows verified" />
        )}
        {line?.event === "report" && (
          <p className={styles.outcome}>
            {line.fault && (
              <>
                <Tag tone="danger">Not whole</Tag>{" "}
              </>
            )}
            {reportWords(line)}
          </p>
        )}
        {problem && <p className={styles.outcome}>{problem}</p>}
      </div>
      <Streams now={now} />
    </section>
  );
}

function useVerify() {
  const [line, setLine] = useState<VerifyLine>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const verify = async () => {
    setBusy(true);
    setLine(undefined);
    setProblem(undefined);
    try {
      await verifyLog(leaving.current.signal, setLine);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { verify, line, problem, busy };
}

/** Set by the operator; without one there is nothing to say. */
function Streams({ now }: { now: number }) {
  const streams = useQuery({ queryKey: ["audit-streams"], queryFn: listStreams, refetchInterval: everyMs });
  if (!streams.data?.length) return null;
  return (
    <ul className={styles.streams} aria-label="Streams of the log">
      {streams.data.map((stream) => (
        <li key={stream.id}>
          {stream.behind > 0 && stream.problem !== null && (
            <>
              <Tag tone="danger">Behind</Tag>{" "}
            </>
          )}
          <strong>{stream.name}</strong>: {streamWords(stream, now)}
        </li>
      ))}
    </ul>
  );
}
