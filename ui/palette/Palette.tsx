import { useState } from "react";
import type { NodeCard } from "../../plugin/node-card.ts";
import { nodeCards } from "../../plugin/node-cards.ts";
import { NodeIconMark } from "../node-icons.tsx";
import { startNodeDrag } from "./node-drag.ts";
import { groupNodes, searchNodes } from "./search-nodes.ts";

export interface PaletteProps {
  /** Called for Enter and for a click; dragging needs `readDraggedNode` in the canvas's `onDrop`. */
  readonly onAdd?: (type: string) => void;
  readonly contracts?: readonly NodeCard[];
}

/**
 * The catalogue as cards, grouped and searchable.
 *
 * @example <Palette onAdd={(type) => addNode(type)} />
 */
export function Palette({ onAdd, contracts = nodeCards }: PaletteProps) {
  const [query, setQuery] = useState("");
  const found = searchNodes(contracts, query);
  return (
    <section className="totem-palette" aria-label="Nodes">
      <input
        className="totem-palette__search"
        type="search"
        placeholder="Search nodes"
        aria-label="Search nodes"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === "Enter" && query !== "" && first) onAdd?.(first.type);
        }}
      />
      <div className="totem-palette__groups">
        {groupNodes(found).map(([group, nodes]) => (
          <div key={group} className="totem-palette__group">
            <h3>{group}</h3>
            {nodes.map((contract) => (
              <PaletteCard key={contract.type} contract={contract} onAdd={onAdd} />
            ))}
          </div>
        ))}
      </div>
      <p className="totem-palette__none" role="status">
        {found.length === 0 ? `No node is called “${query}”.` : ""}
      </p>
    </section>
  );
}

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
