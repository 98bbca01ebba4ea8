import { Plus } from "lucide-react";
import type { HandleContract } from "../../plugin/handles.ts";
import { useAddPart } from "./add-part.tsx";
import { useIsFull } from "./card-states.tsx";
import { handleKindOf, partWords } from "./card-text.ts";

export interface PartSlotProps {
  readonly nodeId: string;
  /** What the card is called. */
  readonly label: string;
  readonly handle: HandleContract;
  readonly place: number;
  readonly isConnectable: boolean | undefined;
}

/** Below a diamond that takes parts: its name, and on a short stem the "+" for one more. */
export function PartSlot({ nodeId, label, handle, place, isConnectable = true }: PartSlotProps) {
  const addPart = useAddPart();
  const full = useIsFull(nodeId, handle);
  const name = `Add ${partWords(handle.edgeLabel)} to ${label}`;
  return (
    <div
      className="totem-part"
      data-part-kind={handleKindOf(handle.edgeLabel)}
      style={{ left: `${place * 100}%` }}
    >
      {/* The handle itself says its name to a screen reader. */}
      <span className="totem-part__label" aria-hidden>
        {handle.label}
        {handle.required && <span className="totem-part__required">{" *"}</span>}
      </span>
      {addPart && isConnectable && !full && (
        <button
          type="button"
          className="totem-plus nodrag nopan nokey"
          aria-label={name}
          title={name}
          data-handle-id={handle.id}
          onClick={(event) => {
            // The click is not meant for the card.
            event.stopPropagation();
            addPart({ nodeId, handleId: handle.id });
          }}
        >
          <Plus size={12} strokeWidth={2.5} aria-hidden />
        </button>
      )}
    </div>
  );
}
