import type { NodeCard } from "../../plugin/node-card.ts";
import { NodeIconMark } from "../node-icons.tsx";
import { startNodeDrag } from "./node-drag.ts";

export interface PaletteCardProps {
  readonly contract: NodeCard;
  readonly onAdd: ((type: string) => void) | undefined;
}

/** One node to drag onto the canvas, or to add with Enter or a click. */
export const PaletteCard = ({ contract, onAdd }: PaletteCardProps) => (
  // biome-ignore lint/a11y/useSemanticElements: Firefox does not start a drag on a <button>.
  <div
    className="totem-palette__card"
    role="button"
    tabIndex={0}
    draggable
    data-node-type={contract.type}
    data-kind={contract.kind}
    title={contract.palette.description}
    onDragStart={(event) => startNodeDrag(event, contract.type)}
    onClick={() => onAdd?.(contract.type)}
    onKeyDown={(event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      onAdd?.(contract.type);
    }}
  >
    <span className="totem-card__icon">
      <NodeIconMark icon={contract.palette.icon} size={16} />
    </span>
    <span className="totem-palette__text">
      <span className="totem-palette__label">{contract.palette.label}</span>
      <span className="totem-palette__description">{contract.palette.description}</span>
    </span>
  </div>
);
