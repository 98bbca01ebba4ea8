import { useQuery } from "@tanstack/react-query";
import { RefreshCw, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { deleteEntry, readEntry } from "../api/vault-endpoints.ts";
import { deleteWithUndo } from "../kit/delete-with-undo.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { PageNotice } from "../pages/PageNotice.tsx";
import { goToPath } from "../router.ts";
import { EntryCode } from "./EntryCode.tsx";
import { EntryFacts } from "./EntryFacts.tsx";
import { MarkTags } from "./EntryList.tsx";
import { EntryReaders } from "./EntryReaders.tsx";
import { EntryTile } from "./EntryTile.tsx";
import type { EntryCodes } from "./entry-codes.ts";
import { marksOf } from "./entry-marks.ts";
import { PendingSection } from "./PendingSection.tsx";
import { pathOfEntry } from "./path-of-entry.ts";
import { RestoreSection } from "./RestoreSection.tsx";
import { RotateDialog } from "./RotateDialog.tsx";
import { useFreshVault } from "./useEntries.ts";

export interface EntryPanelProps {
  readonly id: string;
  /** As the list has it; an address may name one that the list has not read yet. */
  readonly known: VaultEntryBody | undefined;
  readonly codes: EntryCodes;
  readonly offsetMs: number;
}

const close = () => {
  const row = document.querySelector<HTMLElement>(".entries__row[aria-current]");
  goToPath(pathOfEntry(undefined));
  row?.focus();
};

/** One entry: its code, what is known of it, who may use it, and what can be done with it. */
export function EntryPanel({ id, known, codes, offsetMs }: EntryPanelProps) {
  const read = useQuery({
    queryKey: ["vault", "entry", id],
    queryFn: () => readEntry(id),
    enabled: known === undefined,
  });
  const entry = known ?? read.data;
  const panel = useRef<HTMLElement>(null);
  const narrow = useIsNarrow();
  useEffect(() => {
    // There it covers the list, so the focus cannot stay behind it.
    if (narrow) panel.current?.querySelector<HTMLElement>("button")?.focus();
  }, [narrow]);
  return (
    <aside
      ref={panel}
      className="panel entry"
      aria-label={entry ? entry.name : "Entry"}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        if (!(event.target as HTMLElement).closest("dialog")) close();
      }}
    >
      <header className="panel__head">
        {entry && <EntryTile entry={entry} />}
        <h2>{entry?.name ?? "Entry"}</h2>
        <button type="button" className="icon-button" aria-label="Close entry" onClick={close}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <div className="panel__body">
        {entry ? (
          <Body entry={entry} codes={codes} offsetMs={offsetMs} />
        ) : read.error ? (
          <PageNotice title="There is nothing to show" text={messageOf(read.error)} />
        ) : (
          <PageNotice busy title="Reading the entry…" />
        )}
      </div>
    </aside>
  );
}

function Body({ entry, codes, offsetMs }: { entry: VaultEntryBody; codes: EntryCodes; offsetMs: number }) {
  const [rotating, setRotating] = useState(false);
  const freshen = useFreshVault();
  const now = Date.now() + offsetMs;
  const marks = marksOf(entry, now);
  const manages = entry.rights.includes("manage");
  return (
    <>
      {marks.length > 0 && (
        <div className="entry__marks">
          <MarkTags marks={marks} />
        </div>
      )}
      <EntryCode key={`${entry.last_rotated_at}`} entry={entry} codes={codes} offsetMs={offsetMs} now={now} />
      {entry.one_time?.pending && manages && <PendingSection entry={entry} />}
      <EntryFacts entry={entry} now={now} />
      <EntryReaders entry={entry} now={now} />
      <p>
        <PageLink href={`/audit?subject=${encodeURIComponent(entry.id)}`}>Who used it, and when</PageLink>
      </p>
      {manages && (
        <section className="panel__section" aria-label="Change">
          <RestoreSection entry={entry} now={now} />
          <div className="entry__deeds">
            <button type="button" className="button" onClick={() => setRotating(true)}>
              <RefreshCw size={14} aria-hidden />
              {entry.one_time ? "Replace the seed…" : "Add a second factor…"}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                goToPath(pathOfEntry(undefined), { replace: true });
                const { id, name } = entry;
                deleteWithUndo({ id, name: `“${name}”`, send: deleteEntry }, () => void freshen());
              }}
            >
              <Trash2 size={14} aria-hidden />
              Delete
            </button>
          </div>
        </section>
      )}
      {rotating && <RotateDialog entry={entry} onClose={() => setRotating(false)} />}
    </>
  );
}
