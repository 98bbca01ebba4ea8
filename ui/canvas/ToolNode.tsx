import type { HandleContract } from "../../plugin/handles.ts";
import type { NodeCard } from "../../plugin/node-card.ts";
import type { FlowLibrary, FlowNodeProps } from "../flow-library.ts";
import { NodeIconMark, NodeStatusIcon } from "../node-icons.tsx";
import { DiamondHandle, PartSlot } from "./CardHandles.tsx";
import { type PartStatus, useNodeStatus, useProblemOf, useWaitOf } from "./card-states.tsx";
import { kindWords, noteOf, readCardData, statusWords, subtitleOf } from "./card-text.ts";
import { CodeRow } from "./code/CodeRow.tsx";
import { useDetailLevel } from "./detail-level.ts";
import { ownerColours, ownerLetter, useIdentityOf, useIsNodeDimmed } from "./identity-states.tsx";
import { WaitRow } from "./WaitRow.tsx";

export interface ToolNodeProps<Side> extends FlowNodeProps {
  readonly contract: NodeCard;
  readonly flow: FlowLibrary<Side>;
}

/** Handles on one side share it evenly. */
function alongSide(handle: HandleContract, handles: readonly HandleContract[]): number {
  const side = handles.filter((other) => other.side === handle.side);
  return (2 * side.indexOf(handle) + 1) / (2 * side.length);
}

/** The card of every node. It is drawn from the contract alone and knows no node by name. */
export function ToolNode<Side>({ id, data, selected, isConnectable, contract, flow }: ToolNodeProps<Side>) {
  useDetailLevel(flow.useStoreApi());
  const status = useNodeStatus(id);
  const problem = useProblemOf(id);
  const wait = useWaitOf(id);
  const dimmed = useIsNodeDimmed(id);
  const identity = useIdentityOf(id);
  const card = readCardData(data);
  const label = card.label ?? contract.palette.label;
  const note = noteOf(contract, card);
  const parts = contract.handles.filter((handle) => handle.side === "bottom" && handle.type === "target");

  return (
    <div
      className="totem-card"
      data-node-type={contract.type}
      data-kind={contract.kind}
      data-status={status}
      data-selected={selected ? "" : undefined}
      data-problem={problem === undefined ? undefined : ""}
      data-dimmed={dimmed ? "" : undefined}
      data-owner={identity && identity.mark % ownerColours}
    >
      <div className="totem-card__head">
        <span className="totem-card__icon">
          <NodeIconMark icon={contract.palette.icon} />
        </span>
        <span className="totem-card__text">
          <span className="totem-card__label" title={label}>
            {label}
          </span>
          <span className="totem-card__subtitle" title={subtitleOf(contract, card)}>
            {subtitleOf(contract, card)}
          </span>
        </span>
        {identity && (
          <span className="totem-card__owner" title={identity.username} aria-hidden>
            {ownerLetter(identity.mark)}
          </span>
        )}
        <span className="totem-sr-only">{`${kindWords[contract.kind]}. ${problem ?? ""}`}</span>
      </div>
      {(contract.shows === "code" || contract.shows === "vault_code") && <CodeRow nodeId={id} />}
      {note && <p className="totem-card__note">{note}</p>}
      {wait && <WaitRow nodeId={id} wait={wait} />}
      {problem !== undefined && status === undefined && (
        <span className="totem-badge" data-status="problem" title={problem}>
          !
        </span>
      )}
      <StatusBadge status={status} />
      {contract.handles.map((handle) => (
        <DiamondHandle
          key={handle.id}
          handle={handle}
          along={alongSide(handle, contract.handles)}
          isConnectable={isConnectable}
          flow={flow}
        />
      ))}
      {parts.map((handle) => (
        <PartSlot
          key={handle.id}
          nodeId={id}
          label={label}
          handle={handle}
          along={alongSide(handle, contract.handles)}
          isConnectable={isConnectable}
        />
      ))}
    </div>
  );
}

/**
 * The small round mark on a card's corner: a shape and a word, never colour alone. Its element always exists
 * and contains its own layout: adding or removing it would make the browser lay out the whole canvas again.
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
