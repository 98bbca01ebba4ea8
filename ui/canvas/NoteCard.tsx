import { useEffect, useRef, useState } from "react";
import type { NodeCard } from "../../plugin/node-card.ts";
import type { FlowLibrary, FlowNodeProps } from "../flow-library.ts";
import { useNoteChange } from "./card-actions.tsx";
import { readCardData } from "./card-text.ts";
import { useDetailLevel } from "./detail-level.ts";

export interface NoteCardProps<Side> extends FlowNodeProps {
  readonly contract: NodeCard;
  readonly flow: FlowLibrary<Side>;
}

const colors = ["yellow", "green", "blue", "pink"];

/** The same as the node's contract allows; a saved note may hold more than it should. */
const longestText = 5_000;

/** A note for people on the canvas. It has no handles, takes no part in a run and has no problems. */
export function NoteCard<Side>({ id, data, selected, isConnectable, contract, flow }: NoteCardProps<Side>) {
  useDetailLevel(flow.useStoreApi());
  const change = useNoteChange();
  const [editing, setEditing] = useState(false);
  const { label, config } = readCardData(data);
  const text = typeof config.text === "string" ? config.text : "";
  const canEdit = change !== undefined && isConnectable !== false;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a short cut; the settings panel changes the text by keyboard.
    <div
      className="totem-card totem-note"
      data-node-type={contract.type}
      data-kind={contract.kind}
      data-selected={selected ? "" : undefined}
      data-color={colors.find((color) => color === config.color) ?? "yellow"}
      onDoubleClick={() => canEdit && setEditing(true)}
    >
      {label !== undefined && (
        <span className="totem-card__label" title={label}>
          {label}
        </span>
      )}
      {editing && change ? (
        <textarea
          className="totem-note__text nodrag nopan nowheel nokey"
          aria-label="Text of the note"
          // Not controlled: a host may give the new text back late, and the cursor would jump.
          defaultValue={text}
          maxLength={longestText}
          ref={focusAtEnd}
          onInput={(event) => change(id, event.currentTarget.value)}
          onBlur={() => setEditing(false)}
          onKeyDown={(event) => {
            // Neither Delete nor a letter is meant for the canvas.
            event.stopPropagation();
            if (event.key !== "Escape") return;
            setEditing(false);
            event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus();
          }}
        />
      ) : (
        <NoteText text={text} />
      )}
      <span className="totem-sr-only">{contract.palette.label}</span>
    </div>
  );
}

/** A constant function, so that React calls it once, when the text area is mounted. */
function focusAtEnd(area: HTMLTextAreaElement | null): void {
  area?.focus({ preventScroll: true });
  area?.setSelectionRange(area.value.length, area.value.length);
}

function NoteText({ text }: { text: string }) {
  const shown = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const paragraph = shown.current;
    if (!paragraph || text === "") return;
    // A text that scrolls must be reachable by keyboard; other texts must not be tab stops.
    if (paragraph.scrollHeight > paragraph.clientHeight) paragraph.tabIndex = 0;
    else paragraph.removeAttribute("tabindex");
  }, [text]);
  return (
    <p ref={shown} className="totem-note__text nowheel" data-empty={text === "" ? "" : undefined}>
      {text === "" ? "Write something" : text}
    </p>
  );
}
