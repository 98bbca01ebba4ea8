import { useState } from "react";
import type { NodeCard } from "../../plugin/node-card.ts";
import { nodeCards } from "../../plugin/node-cards.ts";
import { PaletteCard } from "./PaletteCard.tsx";
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
