import { X } from "lucide-react";
import { findCard } from "../../../plugin/node-cards.ts";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { NodeIconMark } from "../../node-icons.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { ExchangeList } from "../panel/ExchangeList.tsx";
import type { Exchange } from "../run/run-view.ts";

interface ReplayPanelProps {
  readonly node: WorkflowNode;
  readonly exchanges: readonly Exchange[];
  readonly onClose: () => void;
}

/** What one node saw up to the shown step. For reading only. */
export function ReplayPanel({ node, exchanges, onClose }: ReplayPanelProps) {
  const card = findCard(node.type);
  return (
    <aside className="panel" aria-label="What this node saw">
      <header className="panel__head" data-kind={card?.kind}>
        {card && (
          <span className="totem-card__icon">
            <NodeIconMark icon={card.palette.icon} />
          </span>
        )}
        <h2>{labelOf(node)}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <div className="panel__body">
        {exchanges.length === 0 && <p className="muted">Nothing went in or out up to this step.</p>}
        <ExchangeList exchanges={exchanges} />
      </div>
    </aside>
  );
}
