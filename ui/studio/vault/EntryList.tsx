import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { Rows } from "../pages/ListView.tsx";
import { pathOfEntry } from "../pages/page-paths.ts";
import styles from "./EntryList.module.css";
import { EntryTile } from "./EntryTile.tsx";
import { type EntryMark, issuerAndAccount, marksOf, principalWords, wordsOfType } from "./entry-words.ts";

export const MarkTags = ({ marks }: { marks: readonly EntryMark[] }) => (
  <>
    {marks.map(({ words, tone, why }) => (
      <Tag key={words} tone={tone} title={why}>
        {words}
      </Tag>
    ))}
  </>
);

export interface EntryListProps {
  readonly entries: readonly VaultEntryBody[];
  readonly chosen: string | undefined;
  /** The server's clock. */
  readonly now: number;
}

export const EntryList = ({ entries, chosen, now }: EntryListProps) => (
  <Rows className={styles.list} aria-label="Vault entries">
    {entries.map((entry) => (
      <li key={entry.id}>
        <PageLink
          data-row
          className={styles.row}
          href={pathOfEntry(entry.id)}
          data-entry={entry.name}
          aria-current={entry.id === chosen ? "true" : undefined}
        >
          <EntryTile entry={entry} />
          <span className={styles.name}>
            <span className={styles.title}>
              <strong>{entry.name}</strong>
              <MarkTags marks={marksOf(entry, now)} />
            </span>
            <Muted as="span">{issuerAndAccount(entry) || wordsOfType(entry.type)}</Muted>
          </span>
          <Muted as="span" className={styles.type}>
            {wordsOfType(entry.type)}
          </Muted>
          <Muted as="span" className={styles.owner}>
            {principalWords(entry.owner)}
          </Muted>
          <Muted
            as="span"
            className={styles.used}
            title={entry.last_used_at === null ? undefined : exactTime(entry.last_used_at)}
          >
            {entry.last_used_at === null ? "Never used" : `Used ${relativeTime(entry.last_used_at, now)}`}
          </Muted>
        </PageLink>
      </li>
    ))}
  </Rows>
);
