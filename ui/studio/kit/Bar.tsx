import type { ComponentProps } from "react";
import styles from "./Bar.module.css";
import { classNames } from "./class-names.ts";

/** The bar on top of every screen. It begins with Totem's mark. */
export const Bar = ({ className, ...rest }: ComponentProps<"header">) => (
  <header {...rest} className={classNames(styles.bar, className)} />
);

/** The content after it is at the right. */
export const BarGap = () => <span className={styles.gap} />;

/** For what a narrow window has no room for. */
export const wideOnlyClass = styles.wideOnly;
