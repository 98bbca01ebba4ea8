import { useEffect, useState } from "react";
import type { PartWait } from "./card-states.tsx";

const words: Readonly<Record<string, string>> = { fresh_code: "Waiting for a fresh code" };

/** What something waits for and for how long yet. The seconds are for the eye: read aloud, each would interrupt. */
export function WaitNote({ wait: { until, reason } }: { wait: PartWait }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((Date.parse(until) - now) / 1_000);
  return (
    <>
      {words[reason] ?? "Waiting"}
      {seconds > 0 && <span aria-hidden>{`, ${seconds} s`}</span>}
    </>
  );
}
