import { type ReactNode, useEffect, useRef } from "react";
import { Bar, BarGap } from "../kit/Bar.tsx";
import { Button } from "../kit/Button.tsx";
import { classNames } from "../kit/class-names.ts";
import type { NoticeProps } from "../kit/Notice.tsx";
import { PageLink } from "../kit/PageLink.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { Muted } from "../kit/text.tsx";
import { type StudioPageName, useStudioPages, useWhyClosed } from "../person/studio-pages.ts";
import { BellButton, ThemeButton, YouButton } from "../topbar/PageButtons.tsx";
import styles from "./PageFrame.module.css";

export interface PageFrameProps {
  readonly title: StudioPageName | "Workflows";
  /** What can be done on this page, at the right of its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the studio beside the canvas: the same bar, the way to the others, a title and what is on it. */
export function PageFrame({ title, actions, children }: PageFrameProps) {
  const nav = useRef<HTMLElement>(null);
  const pages = useStudioPages();
  const closed = useWhyClosed(title);
  useEffect(() => {
    document.title = `${title} · Totem`;
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest" });
  }, [title]);
  return (
    <div className={styles.page}>
      <Bar className={styles.bar}>
        <TotemMark size={22} />
        <h1 className="totem-sr-only">Totem studio</h1>
        <nav ref={nav} className={styles.nav} aria-label="Pages">
          {([["/", "Workflows"], ...pages] as const).map(([href, name]) => (
            <NavigationLink key={href} href={href} isHere={name === title}>
              {name}
            </NavigationLink>
          ))}
        </nav>
        <BarGap />
        <BellButton />
        <ThemeButton />
        <YouButton />
      </Bar>
      <main className={styles.main} aria-label={title}>
        <div className={styles.head}>
          <h2 className={styles.title}>{title}</h2>
          {closed === undefined && actions}
        </div>
        {closed === undefined ? (
          children
        ) : (
          <PageNotice title="Your role does not include this page" text={closed} />
        )}
      </main>
    </div>
  );
}

interface NavigationLinkProps {
  readonly href: string;
  readonly isHere: boolean;
  readonly children: ReactNode;
}

export const NavigationLink = ({ href, isHere, children }: NavigationLinkProps) => (
  <PageLink className={styles.link} href={href} aria-current={isHere ? "page" : undefined}>
    {children}
  </PageLink>
);

export interface ViewLinksProps {
  readonly label: string;
  readonly views: readonly (readonly [href: string, words: string])[];
  /** The address of the view that is shown. */
  readonly shown: string;
}

/** The views of one page, at the right of its title. */
export const ViewLinks = ({ label, views, shown }: ViewLinksProps) => (
  <nav className={styles.views} aria-label={label}>
    {views.map(([href, words]) => (
      <NavigationLink key={href} href={href} isHere={href === shown}>
        {words}
      </NavigationLink>
    ))}
  </nav>
);

export interface PageNoticeProps extends Omit<NoticeProps, "mark"> {
  readonly className?: string;
}

/** What a page says in the place of its content: loading, empty, or gone wrong. */
export const PageNotice = ({ title, text, busy = false, action, className, children }: PageNoticeProps) => (
  <section className={classNames(styles.notice, className)} aria-busy={busy}>
    <div role="status">
      <h3>{title}</h3>
      {text && <Muted>{text}</Muted>}
    </div>
    {action && <Button onClick={action.run}>{action.label}</Button>}
    {children}
  </section>
);
