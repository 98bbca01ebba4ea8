import { type ReactNode, useEffect, useRef } from "react";
import { PageLink } from "../kit/PageLink.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { SignOutButton, ThemeButton } from "../topbar/PageButtons.tsx";
import "../styles/pages.css";

const places = [
  ["/", "Workflows"],
  ["/vault", "Vault"],
  ["/inbox", "Inbox"],
  ["/hosts", "Hosts"],
  ["/audit", "Audit log"],
] as const;

export interface PageFrameProps {
  readonly title: (typeof places)[number][1];
  /** What can be done on this page, at the right of its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the studio beside the canvas: the same bar, the way to the others, a title and what is on it. */
export function PageFrame({ title, actions, children }: PageFrameProps) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Totem`;
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest" });
  }, [title]);
  return (
    <div className="page">
      <header className="topbar">
        <TotemMark size={22} />
        <h1 className="totem-sr-only">Totem studio</h1>
        <nav ref={nav} className="page__nav" aria-label="Pages">
          {places.map(([href, name]) => (
            <PageLink
              key={href}
              className="page__place"
              href={href}
              aria-current={name === title ? "page" : undefined}
            >
              {name}
            </PageLink>
          ))}
        </nav>
        <span className="topbar__gap" />
        <ThemeButton />
        <SignOutButton />
      </header>
      <main className="page__main" aria-label={title}>
        <div className="page__head">
          <h2 className="page__title">{title}</h2>
          {actions}
        </div>
        {children}
      </main>
    </div>
  );
}
