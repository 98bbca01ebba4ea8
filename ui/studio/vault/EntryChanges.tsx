import { RefreshCw, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { deleteEntry, restoreSecret } from "../api/vault-endpoints.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { deleteWithUndo } from "../kit/delete-with-undo.ts";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { pathOfEntry } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import { goToPath } from "../router.ts";
import styles from "./EntryPanel.module.css";
import { RotateDialog } from "./RotateDialog.tsx";
import { useFreshVault } from "./useEntries.ts";

export interface EntryChangesProps {
  readonly entry: VaultEntryBody;
  /** The server's clock. */
  readonly now: number;
}

/** What its managers can do with an entry: another seed, the seed of before, or no entry at all. */
export function EntryChanges({ entry, now }: EntryChangesProps) {
  const [rotating, setRotating] = useState(false);
  const freshen = useFreshVault();
  const remove = () => {
    goToPath(pathOfEntry(undefined), { replace: true });
    const { id, name } = entry;
    deleteWithUndo({ id, name: `“${name}”`, send: deleteEntry }, () => void freshen());
  };
  return (
    <PanelSection aria-label="Change">
      <RestoreSection entry={entry} now={now} />
      <ButtonRow>
        <Button onClick={() => setRotating(true)}>
          <RefreshCw size={14} aria-hidden />
          {entry.one_time ? "Replace the seed…" : "Add a second factor…"}
        </Button>
        <Button onClick={remove}>
          <Trash2 size={14} aria-hidden />
          Delete
        </Button>
      </ButtonRow>
      {rotating && <RotateDialog entry={entry} onClose={() => setRotating(false)} />}
    </PanelSection>
  );
}

/** Restores a replaced seed: for administrators, and for as long as it is stored. */
function RestoreSection({ entry, now }: EntryChangesProps) {
  const mayRestore = useMay("vault:write");
  const freshen = useFreshVault();
  const [busy, setBusy] = useState(false);
  const until = entry.restorable_until;
  if (until === null || Date.parse(until) <= now || !mayRestore) return null;
  const restore = async () => {
    setBusy(true);
    try {
      await restoreSecret(entry.id);
      await freshen();
      showToast({ text: `“${entry.name}” has its previous seed again.` });
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <p className={styles.restore}>
      <Muted as="span">
        The previous seed can be restored until it is deleted{" "}
        <span title={exactTime(until)}>{relativeTime(until, now)}</span>.
      </Muted>
      <Button disabled={busy} onClick={() => void restore()}>
        <Undo2 size={14} aria-hidden />
        Restore it
      </Button>
    </p>
  );
}
