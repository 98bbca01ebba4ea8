import { useRunView } from "../editor/EditorContext.tsx";
import { JsonView } from "../kit/JsonView.tsx";
import type { Exchange } from "../run/run-picture.ts";

/** The inputs and outputs of this node in the run that is shown. */
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

const time = (at: string) => (at === "" ? "" : new Date(at).toLocaleTimeString());

/** The inputs and outputs of a node, one pair for each call. */
export const ExchangeList = ({ exchanges }: { exchanges: readonly Exchange[] }) =>
  exchanges.map((exchange, index) => (
    <div key={exchange.key} className="exchange" data-failed={exchange.failed ? "" : undefined}>
      {exchanges.length > 1 && (
        <p className="exchange__time">{`${index + 1} of ${exchanges.length} · ${time(exchange.at)}`}</p>
      )}
      {isSomething(exchange.input) && (
        <>
          <h4>In</h4>
          <JsonView value={exchange.input} label="In" />
        </>
      )}
      <h4>{exchange.failed ? "Failed" : "Out"}</h4>
      <JsonView value={exchange.output} label="Out" />
    </div>
  ));

/** An empty input is not shown. */
export const isSomething = (input: unknown): boolean =>
  input !== undefined && !(typeof input === "object" && input !== null && Object.keys(input).length === 0);
