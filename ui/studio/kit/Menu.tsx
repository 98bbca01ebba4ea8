import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { Button, type ButtonKind } from "./Button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./Menu.module.css";
import { PageLink } from "./PageLink.tsx";

export interface MenuProps {
  readonly label: string;
  readonly button: ReactNode;
  readonly kind?: ButtonKind;
  readonly className?: string;
  readonly align?: "start" | "end";
  /** So that it can be opened from elsewhere. */
  readonly id?: string;
  readonly children: (close: () => void) => ReactNode;
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at <= 0 ? count - 1 : at - 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};

const itemsIn = (panel: HTMLElement): HTMLElement[] => [
  ...panel.querySelectorAll<HTMLElement>("a, button:not(:disabled)"),
];

/** Arrow keys, Home and End go through what can be chosen; Tab does too. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  // In a field these keys are the field's own.
  const step = event.target instanceof HTMLInputElement ? undefined : steps[event.key];
  const items = itemsIn(event.currentTarget);
  if (!step || items.length === 0) return;
  event.preventDefault();
  items[step(items.indexOf(document.activeElement as HTMLElement), items.length)]?.focus();
}

/** A button that opens a panel below it. The down arrow goes into it. Closing by Escape or by a click outside is the browser's own. */
export function Menu({ label, button, kind, className, align = "start", id, children }: MenuProps) {
  const panel = useRef<HTMLDivElement>(null);
  const ownId = useId();
  const panelId = id ?? ownId;
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" || !panel.current) return;
    event.preventDefault();
    if (!panel.current.matches(":popover-open")) panel.current.showPopover();
    itemsIn(panel.current)[0]?.focus();
  };
  return (
    <>
      <Button
        kind={kind}
        className={className}
        aria-label={label}
        title={label}
        popoverTarget={panelId}
        onKeyDown={enter}
      >
        {button}
      </Button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of what is in it. */}
      <div
        ref={panel}
        id={panelId}
        popover="auto"
        className={classNames(styles.menu, align === "end" && styles.end)}
        onKeyDown={onKeyDown}
      >
        {children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

interface ItemParts {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

/** `icon` is before the words. */
const parts = ({ icon, children }: ItemParts) => (
  <>
    {icon && (
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
    )}
    <span className={styles.text}>{children}</span>
  </>
);

export const MenuItem = ({ icon, children, ...rest }: ComponentProps<"button"> & ItemParts) => (
  <button type="button" {...rest} className={styles.item}>
    {parts({ icon, children })}
  </button>
);

/** `mark` is after the words. It shows that this page is open. */
export const MenuLink = ({
  icon,
  mark,
  children,
  ...rest
}: ComponentProps<typeof PageLink> & ItemParts & { readonly mark?: ReactNode }) => (
  <PageLink {...rest} className={styles.item}>
    {parts({ icon, children })}
    {mark}
  </PageLink>
);
