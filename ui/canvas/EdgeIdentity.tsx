import { KeyRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { FlowStore } from "./detail-level.ts";
import { IdentityNote } from "./IdentityNote.tsx";
import { type CardIdentity, ownerLetter } from "./identity-states.tsx";

export interface EdgeIdentityProps {
  readonly identity: CardIdentity;
  /** The middle of the edge. */
  readonly x: number;
  readonly y: number;
  readonly store: FlowStore;
}

/** The key on a tool edge: whose identity its tool acts under. The letter says the same as the colour. */
export function EdgeIdentity({ identity, x, y, store }: EdgeIdentityProps) {
  const glyph = useRef<SVGGElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    // React Flow's own element around the edge has the pointer and the focus.
    const edge = glyph.current?.closest(".react-flow__edge");
    if (!edge) return;
    const show = () => setOpen(true);
    const hide = () => setOpen(false);
    const when = { pointerenter: show, pointerleave: hide, focusin: show, focusout: hide } as const;
    for (const [event, react] of Object.entries(when)) edge.addEventListener(event, react);
    return () => {
      for (const [event, react] of Object.entries(when)) edge.removeEventListener(event, react);
    };
  }, []);
  const {
    transform: [left, top, zoom],
    domNode,
  } = store.getState();
  return (
    <>
      <g ref={glyph} className="totem-key" transform={`translate(${x} ${y})`} aria-hidden>
        <rect x={-15} y={-9} width={30} height={18} rx={9} />
        <KeyRound x={-11} y={-5.5} width={11} height={11} strokeWidth={2.25} />
        <text x={7} y={3.5} textAnchor="middle">
          {ownerLetter(identity.mark)}
        </text>
      </g>
      {open &&
        domNode &&
        createPortal(
          <div
            className="totem-identity-note"
            style={{ translate: `${Math.round(x * zoom + left)}px ${Math.round(y * zoom + top + 14)}px` }}
          >
            <IdentityNote identity={identity} />
          </div>,
          domNode,
        )}
    </>
  );
}
