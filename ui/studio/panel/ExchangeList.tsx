import { useRunView } from "../editor/EditorContext.tsx";
import { JsonView } from "../kit/JsonView.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import type { Exchange } from "../run/run-picture.ts";
import styles from "./ExchangeList.module.css";

/** The inputs and outputs of this node in the run that is shown. */
export function LastRunSection({ nodeId }: { nodeId: string }) {
  const view = useRunView();
  const exchanges = view?.exchanges.get(nodeId) ?? [];
  return (
    <PanelSection aria-labelledby="last-run-title">
      <h3 id="last-run-title">Last run</h3>
      {exchanges.length === 0 && (
        <Muted>
          {view ? "This node had no part in the last run." : "Run the workflow to see what goes in and out."}
        </Muted>
      )}
      <ExchangeList exchanges={exchanges} />
    </PanelSection>
  );
}

const time = (at: string) => (at === "" ? "" : new Date(at).toLocaleTimeString());

/** The inputs and outputs of a node, one pair for each call. */
export const ExchangeList = ({ exchanges }: { exchanges: readonly Exchange[] }) =>
  exchanges.map((exchange, index) => (
    <div key={exchange.key} className={styles.exchange} data-failed={exchange.failed ? "" : undefined}>
      {exchanges.length > 1 && (
        <p className={styles.time}>{`${index + 1} of ${exchanges.length} · ${time(exchange.at)}`}</p>
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
