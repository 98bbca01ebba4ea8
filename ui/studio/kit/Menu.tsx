import { type ReactNode, useId, useRef } from "react";

export interface MenuProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly align?: "start" | "end";
  /** For whoever opens it from elsewhere. */
  readonly id?: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it. Closing by Escape or by a click outside is the browser's own. */
export function Menu({ label, button, className = "button", align = "start", id, children }: MenuProps) {
  const panel = useRef<HTMLDivElement>(null);
  const ownId = useId();
  const panelId = id ?? ownId;
  return (
    <>
      <button type="button" className={className} aria-label={label} title={label} popoverTarget={panelId}>
        {button}
      </button>
      <div ref={panel} id={panelId} popover="auto" className={`menu menu--${align}`}>
        {children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
