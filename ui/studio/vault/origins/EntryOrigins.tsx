import { MapPin } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { Button } from "../../kit/Button.tsx";
import { PanelSection } from "../../kit/SidePanel.tsx";
import { Callout, Muted } from "../../kit/text.tsx";
import styles from "./EntryOrigins.module.css";

const OriginsDialog = lazy(async () => ({ default: (await import("./OriginsDialog.tsx")).OriginsDialog }));

/** Where an entry's secrets may be sent, and for those who manage it the way to change that. */
export function EntryOrigins({ entry, manages }: { entry: VaultEntryBody; manages: boolean }) {
  const [changing, setChanging] = useState(false);
  const { origins } = entry;
  return (
    <PanelSection aria-label="Where it belongs">
      <h3>Where it belongs</h3>
      {origins.length === 0 ? (
        <Callout>Nowhere yet: its codes and passwords are put into no request of an agent.</Callout>
      ) : (
        <>
          <Muted>Agents can have its secrets sent here, and to no other address.</Muted>
          <ul className={styles.origins}>
            {origins.map((origin) => (
              <li key={origin}>
                <code>{origin}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {manages && (
        <Button onClick={() => setChanging(true)}>
          <MapPin size={14} aria-hidden />
          {origins.length === 0 ? "Say where it belongs…" : "Change where it belongs…"}
        </Button>
      )}
      {changing && (
        <Suspense>
          <OriginsDialog entry={entry} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </PanelSection>
  );
}
