import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { goToPath } from "../router.ts";

/** A link within the studio: a plain click stays on the page, any other is the browser's own. */
export const PageLink = ({
  href,
  onClick,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) => (
  <a
    {...rest}
    href={href}
    onClick={(event: MouseEvent<HTMLAnchorElement>) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      onClick?.(event);
      goToPath(href);
    }}
  />
);
