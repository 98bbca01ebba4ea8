import { JsonView } from "../kit/JsonView.tsx";
import type { Exchange } from "../run/run-view.ts";
import { isSomething } from "./is-something.ts";

const time = (at: string) => (at === "" ? "" : new Date(at).toLocaleTimeString());

/** What went into a node and what came out, each time. */
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
