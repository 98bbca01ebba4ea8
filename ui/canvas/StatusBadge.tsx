import { NodeStatusIcon } from "../node-icons.tsx";
import type { PartStatus } from "./card-states.tsx";
import { statusWords } from "./card-text.ts";

/** The small round mark on a card's corner: a shape and a word, never colour alone. */
export const StatusBadge = ({ status }: { status: PartStatus | undefined }) =>
  status === undefined ? null : (
    <span className="totem-badge" data-status={status} title={statusWords[status]}>
      <NodeStatusIcon status={status} />
      <span className="totem-sr-only">{statusWords[status]}</span>
    </span>
  );
