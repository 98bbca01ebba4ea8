import { type ReactNode, useId, useRef } from "react";

export interface MenuProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly align?: "start" | "end";
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it. Closing by Escape or by a click outside is the browser's own. */
export function Menu({ label, button, className = "button", align = "start", children }: MenuProps) {
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" className={className} aria-label={label} title={label} popoverTarget={id}>
        {button}
      </button>
      <div ref={panel} id={id} popover="auto" className={`menu menu--${align}`}>
        {children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
