import { NodeStatusIcon } from "../node-icons.tsx";
import type { PartStatus } from "./card-states.tsx";
import { statusWords } from "./card-text.ts";

/**
 * The small round mark on a card's corner: a shape and a word, never colour alone. Its place is always there
 * and closed in itself: an element that comes and goes would have the browser lay out the whole canvas again.
 */
export const StatusBadge = ({ status }: { status: PartStatus | undefined }) => (
  <span
    className="totem-badge"
    data-status={status}
    title={status && statusWords[status]}
    hidden={status === undefined}
  >
    {status !== undefined && (
      <>
        <NodeStatusIcon status={status} />
        <span className="totem-sr-only">{statusWords[status]}</span>
      </>
    )}
  </span>
);
