import { useRunView } from "../editor/useCardStates.ts";
import { ExchangeList } from "./ExchangeList.tsx";

/** What went into this node and what came out, each time, in the run that is shown. */
export function LastRunSection({ nodeId }: { nodeId: string }) {
  const view = useRunView();
  const exchanges = view?.exchanges.get(nodeId) ?? [];
  return (
    <section className="panel__section" aria-labelledby="last-run-title">
      <h3 id="last-run-title">Last run</h3>
      {exchanges.length === 0 && (
        <p className="muted">
          {view ? "This node had no part in the last run." : "Run the workflow to see what goes in and out."}
        </p>
      )}
      <ExchangeList exchanges={exchanges} />
    </section>
  );
}
