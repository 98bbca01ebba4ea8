import type { ComponentProps } from "react";
import styles from "./Button.module.css";
import { classNames } from "./class-names.ts";
import { PageLink } from "./PageLink.tsx";

export type ButtonKind = "plain" | "primary" | "quiet" | "warning" | "link";

/** For what is not a `<button>` and looks like one: a link, or the label of a file field. */
export const buttonClass = (kind: ButtonKind = "plain", className?: string): string | undefined =>
  classNames(styles.button, kind !== "plain" && styles[kind], className);

/** @example <Button kind="primary" onClick={save}>Save</Button> */
export const Button = ({
  kind,
  className,
  ...rest
}: ComponentProps<"button"> & { readonly kind?: ButtonKind }) => (
  <button type="button" {...rest} className={buttonClass(kind, className)} />
);

/** A link within the studio that looks like a button. */
export const ButtonLink = ({
  kind,
  className,
  ...rest
}: ComponentProps<typeof PageLink> & { readonly kind?: ButtonKind }) => (
  <PageLink {...rest} className={buttonClass(kind, className)} />
);

export interface IconButtonProps extends ComponentProps<"button"> {
  /** An icon alone says nothing to a screen reader. */
  readonly "aria-label": string;
  readonly small?: boolean;
  readonly primary?: boolean;
}

/** A button that is an icon only. */
export const IconButton = ({ small, primary, className, ...rest }: IconButtonProps) => (
  <button
    type="button"
    {...rest}
    className={classNames(styles.icon, small && styles.small, primary && styles.primary, className)}
  />
);

/** Buttons or tags beside each other. */
export const ButtonRow = ({ className, ...rest }: ComponentProps<"div">) => (
  <div {...rest} className={classNames(styles.row, className)} />
);
