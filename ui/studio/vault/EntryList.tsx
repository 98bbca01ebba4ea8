import type { KeyboardEvent } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { EntryTile } from "./EntryTile.tsx";
import { type EntryMark, marksOf } from "./entry-marks.ts";
import { placeOf, principalWords, wordsOfType } from "./entry-words.ts";
import { pathOfEntry } from "./path-of-entry.ts";

export const MarkTags = ({ marks }: { marks: readonly EntryMark[] }) => (
  <>
    {marks.map(({ words, tone, why }) => (
      <span key={words} className="tag" data-tone={tone} title={why}>
        {words}
      </span>
    ))}
  </>
);

/** Arrows go from row to row, as in any list. */
function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("a")];
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export interface EntryListProps {
  readonly entries: readonly VaultEntryBody[];
  readonly chosen: string | undefined;
  /** The server's clock. */
  readonly now: number;
}

export const EntryList = ({ entries, chosen, now }: EntryListProps) => (
  <ul className="entries" aria-label="Vault entries" onKeyDown={onArrow}>
    {entries.map((entry) => (
      <li key={entry.id}>
        <PageLink
          className="entries__row"
          href={pathOfEntry(entry.id)}
          data-entry={entry.name}
          aria-current={entry.id === chosen ? "true" : undefined}
        >
          <EntryTile entry={entry} />
          <span className="entries__name">
            <span className="entries__title">
              <strong>{entry.name}</strong>
              <MarkTags marks={marksOf(entry, now)} />
            </span>
            <span className="muted">{placeOf(entry) || wordsOfType(entry.type)}</span>
          </span>
          <span className="entries__type muted">{wordsOfType(entry.type)}</span>
          <span className="entries__owner muted">{principalWords(entry.owner)}</span>
          <span
            className="entries__used muted"
            title={entry.last_used_at === null ? undefined : exactTime(entry.last_used_at)}
          >
            {entry.last_used_at === null ? "Never used" : `Used ${relativeTime(entry.last_used_at, now)}`}
          </span>
        </PageLink>
      </li>
    ))}
  </ul>
);
