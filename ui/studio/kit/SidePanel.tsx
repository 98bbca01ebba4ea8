import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import styles from "./SidePanel.module.css";

export interface SidePanelProps extends ComponentProps<"aside"> {
  /** It is beside the list of a page, not beside the canvas. */
  readonly beside?: boolean;
}

/** The panel at the right: the settings of a node, an entry of the vault, a message. */
export const SidePanel = ({ beside = false, className, ...rest }: SidePanelProps) => (
  <aside
    {...rest}
    data-part="panel"
    className={classNames(styles.panel, beside && styles.beside, className)}
  />
);

export const PanelHead = (props: ComponentProps<"header">) => <header {...props} className={styles.head} />;

export const panelBodyClass = styles.body;

export const PanelBody = ({ className, ...rest }: ComponentProps<"div">) => (
  <div {...rest} className={classNames(styles.body, className)} />
);

export const PanelSection = ({ className, ...rest }: ComponentProps<"section">) => (
  <section {...rest} className={classNames(styles.section, className)} />
);
