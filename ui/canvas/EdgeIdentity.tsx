import { KeyRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { FlowStore } from "./detail-level.ts";
import { type CardIdentity, ownerLetter } from "./identity-states.tsx";

export interface EdgeIdentityProps {
  readonly identity: CardIdentity;
  /** The middle of the edge. */
  readonly x: number;
  readonly y: number;
  readonly store: FlowStore;
}

/** The key on a tool edge: the identity that its tool acts under. The letter says the same as the colour. */
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

/** Whose identity, the state of its account, when it was last used and who else can read its codes. */
export const IdentityNote = ({ identity }: { identity: CardIdentity }) => (
  <dl>
    <dt>Identity</dt>
    <dd>
      <code>{identity.username}</code>
    </dd>
    <dt>Account</dt>
    <dd>{identity.standing}</dd>
    <dt>Last used</dt>
    <dd title={identity.lastUsedAt ?? undefined}>
      {identity.lastUsedAt === null ? "Never" : timeSince(identity.lastUsedAt, Date.now())}
    </dd>
    <dt>Others who can read its codes</dt>
    <dd>{identity.otherReaders.length === 0 ? "None" : identity.otherReaders.join(", ")}</dd>
  </dl>
);

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "2 minutes ago", in whole units. */
export function timeSince(at: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (["second", 1] as const);
  const count = Math.floor(seconds / size);
  if (count === 0) return "Just now";
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
