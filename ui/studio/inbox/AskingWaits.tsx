import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { listWaits } from "../api/inbox-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Callout } from "../kit/text.tsx";
import { askingWords } from "./fitting-waits.ts";
import styles from "./MessagesView.module.css";

const PickCode = lazy(async () => ({ default: (await import("./pick/PickCode.tsx")).PickCode }));

/** Above the messages: the runs that stand still until a person says which code is meant. */
export function AskingWaits() {
  const waits = useQuery({
    queryKey: ["inbox", "waits"],
    queryFn: listWaits,
    staleTime: 0,
    refetchInterval: 2_000,
  });
  const [picking, setPicking] = useState<string>();
  const asking = (waits.data ?? []).filter(({ state, ambiguous }) => state === "waiting" && ambiguous);
  return (
    <>
      <div className={styles.asking} role="status">
        {asking.map((wait) => (
          <Callout key={wait.id} className={styles.ask} data-wait={wait.id}>
            <span>{askingWords(wait)}</span>
            <Button onClick={() => setPicking(wait.id)}>Pick the code</Button>
          </Callout>
        ))}
      </div>
      {picking !== undefined && (
        <Suspense>
          <PickCode waitId={picking} onClose={() => setPicking(undefined)} />
        </Suspense>
      )}
    </>
  );
}
