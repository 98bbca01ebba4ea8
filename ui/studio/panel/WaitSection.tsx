import { WaitNote } from "../../canvas/WaitNote.tsx";
import { canHelp } from "../../canvas/WaitRow.tsx";
import { useRunView } from "../editor/useCardStates.ts";
import { WaitHelpButton } from "../run/WaitHelpButton.tsx";

/** What this node waits for just now, and the way to end the wait where a person can. */
export function WaitSection({ nodeId }: { nodeId: string }) {
  const wait = useRunView()?.waits.get(nodeId);
  if (wait?.waitId === undefined) return null;
  return (
    <section className="panel__section" aria-label="Waiting now">
      <p className="totem-wait">
        <WaitNote wait={wait} />
      </p>
      {canHelp(wait) && <WaitHelpButton nodeId={nodeId} wait={wait} />}
    </section>
  );
}
