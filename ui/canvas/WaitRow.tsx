import type { SyntheticEvent } from "react";
import type { PartWait } from "./card-states.tsx";
import { WaitNote } from "./WaitNote.tsx";
import { useWaitHelp } from "./wait-help.tsx";

/** What happens on the button is not meant for the card: it would be selected or opened. */
const keepFromCard = (event: SyntheticEvent) => event.stopPropagation();

/** The last row of a card that waits; with a button where a person can end the wait. */
export function WaitRow({ nodeId, wait }: { nodeId: string; wait: PartWait }) {
  const help = useWaitHelp();
  const unsure = wait.arrived?.kind === "ambiguous";
  return (
    <div className="totem-card__wait" data-unsure={unsure ? "" : undefined}>
      <p className="totem-wait">
        <WaitNote wait={wait} />
      </p>
      {help && canHelp(wait) && (
        <button
          type="button"
          className="totem-wait__help nodrag nopan nokey"
          onClick={(event) => {
            event.stopPropagation();
            help(nodeId, wait);
          }}
          onDoubleClick={keepFromCard}
          onKeyDown={keepFromCard}
        >
          {helpWords(wait)}
        </button>
      )}
    </div>
  );
}

/** Whether a person can end a wait: it has a name, and nothing has come that ends it by itself. */
export const canHelp = ({ waitId, arrived }: PartWait): boolean =>
  waitId !== undefined && (arrived === undefined || arrived.kind === "ambiguous");

export const helpWords = ({ arrived }: PartWait): string =>
  arrived?.kind === "ambiguous" ? "Pick the code" : "Give the code by hand";
