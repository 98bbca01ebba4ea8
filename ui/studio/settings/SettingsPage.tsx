import { Suspense, useEffect, useRef } from "react";
import { NavigationLink, PageFrame, PageNotice } from "../pages/PageFrame.tsx";
import { pathOfSettings } from "../pages/page-paths.ts";
import { useWhoami } from "../person/whoami.ts";
import { goToPath, useSettingsPage } from "../router.ts";
import { PasskeyBar } from "./PasskeyBar.tsx";
import styles from "./SettingsPage.module.css";
import { settingsPages } from "./settings-pages.ts";

/** The settings: a list of pages, and the one that is open. Pages that the person's role cannot use are absent. */
export function SettingsPage() {
  const held = useWhoami()?.scopes ?? [];
  const shown = Object.entries(settingsPages).filter(
    ([, { may }]) => !may || may.some((scope) => held.includes(scope)),
  );
  const named = useSettingsPage();
  const [open] = shown.filter(([name]) => name === named);
  const [first] = shown;
  useEffect(() => {
    if (named === undefined && first) goToPath(pathOfSettings(first[0]), { replace: true });
  }, [named, first]);
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a telephone the list is scrolled sideways.
    if (named !== undefined)
      list.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest" });
  }, [named]);
  useEffect(() => {
    if (open) document.title = `${open[1].title} · Settings · Totem`;
  }, [open]);
  return (
    <PageFrame title="Settings">
      <div className={styles.settings}>
        <nav ref={list} className={styles.list} aria-label="Settings">
          {shown.map(([name, { title }]) => (
            <NavigationLink key={name} href={pathOfSettings(name)} isHere={name === named}>
              {title}
            </NavigationLink>
          ))}
        </nav>
        <div className={styles.content}>
          <PasskeyBar />
          {open ? (
            <Suspense fallback={<PageNotice busy title="Opening…" />}>
              <OpenPage {...open[1]} />
            </Suspense>
          ) : (
            named !== undefined && (
              <PageNotice
                title="There is no such page for you"
                text="It does not exist, or your role does not include it. An owner or administrator can change your role."
              />
            )
          )}
        </div>
      </div>
    </PageFrame>
  );
}

const OpenPage = ({ Page }: (typeof settingsPages)[string]) => <Page />;
