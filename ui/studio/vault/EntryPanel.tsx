import { useQuery } from "@tanstack/react-query";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { readEntry } from "../api/vault-endpoints.ts";
import { AskSection } from "../approvals/AskSection.tsx";
import { ButtonRow } from "../kit/Button.tsx";
import { PageLink } from "../kit/PageLink.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { type Fact, Facts } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { DetailPanel } from "../pages/DetailPanel.tsx";
import { pathOfAuditOf, pathOfEntry } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import { EntryChanges } from "./EntryChanges.tsx";
import { EntryCode } from "./EntryCode.tsx";
import { EntryData } from "./EntryData.tsx";
import { MarkTags } from "./EntryList.tsx";
import { EntryReaders } from "./EntryReaders.tsx";
import { EntryTile } from "./EntryTile.tsx";
import type { EntryCodes } from "./entry-codes.ts";
import { marksOf, principalWords, wordsOfType } from "./entry-words.ts";
import { EntryOrigins } from "./origins/EntryOrigins.tsx";
import { PendingSection } from "./PendingSection.tsx";

export interface EntryPanelProps {
  readonly id: string;
  /** As the list has it; an address may name one that the list has not read yet. */
  readonly known: VaultEntryBody | undefined;
  readonly codes: EntryCodes;
  readonly offsetMs: number;
}

/** One entry: its code, what is known of it, who may use it, and what can be done with it. */
export function EntryPanel({ id, known, codes, offsetMs }: EntryPanelProps) {
  const read = useQuery({
    queryKey: ["vault", "entry", id],
    queryFn: () => readEntry(id),
    enabled: known === undefined,
  });
  const entry = known ?? read.data;
  return (
    <DetailPanel
      title={entry?.name ?? "Entry"}
      mark={entry && <EntryTile entry={entry} />}
      closeLabel="Close entry"
      listPath={pathOfEntry(undefined)}
      loading="Reading the entry…"
      error={read.error}
    >
      {entry && <Body entry={entry} codes={codes} offsetMs={offsetMs} />}
    </DetailPanel>
  );
}

function Body({ entry, codes, offsetMs }: { entry: VaultEntryBody; codes: EntryCodes; offsetMs: number }) {
  const now = Date.now() + offsetMs;
  const marks = marksOf(entry, now);
  const manages = entry.rights.includes("manage");
  const readsLists = useMay("lists:read");
  const mayAudit = useMay("audit:read");
  return (
    <>
      {marks.length > 0 && (
        <ButtonRow>
          <MarkTags marks={marks} />
        </ButtonRow>
      )}
      <EntryCode key={`${entry.last_rotated_at}`} entry={entry} codes={codes} offsetMs={offsetMs} now={now} />
      {entry.one_time?.pending && manages && <PendingSection entry={entry} />}
      <PanelSection aria-label="About">
        <Facts facts={factsOf(entry, now)} />
      </PanelSection>
      <EntryOrigins entry={entry} manages={manages} />
      {entry.rights.includes("data") && <EntryData entry={entry} />}
      <EntryReaders entry={entry} now={now} />
      {(manages || readsLists) && <AskSection asking={{ entry: entry.id }} manages={manages} />}
      {mayAudit && (
        <p>
          <PageLink href={pathOfAuditOf(entry.id)}>Who used it, and when</PageLink>
        </p>
      )}
      {manages && <EntryChanges entry={entry} now={now} />}
    </>
  );
}

/** What is known of an entry without opening anything. */
function factsOf(entry: VaultEntryBody, now: number): readonly Fact[] {
  const { one_time } = entry;
  const time = (at: string | null, never: string) =>
    at === null ? never : <span title={exactTime(at)}>{relativeTime(at, now)}</span>;
  return [
    ["Kind", wordsOfType(entry.type)],
    ...(one_time?.issuer ? ([["Service", one_time.issuer]] as const) : []),
    ...(one_time?.account ? ([["Account", one_time.account]] as const) : []),
    ...(one_time ? ([["Code", howMade(one_time)]] as const) : []),
    ["Backup codes", entry.backup_codes_remaining === 0 ? "None" : `${entry.backup_codes_remaining} left`],
    ["Owner", principalWords(entry.owner)],
    ["Last used", time(entry.last_used_at, "Never")],
    ["Seed replaced", time(entry.last_rotated_at, "Never")],
    ["Added", time(entry.created_at, "")],
    ...(entry.expires_at ? ([["Expires", time(entry.expires_at, "")]] as const) : []),
  ];
}

const howMade = ({ type, algorithm, digits, period }: NonNullable<VaultEntryBody["one_time"]>): string =>
  type === "totp"
    ? `${digits} digits every ${period} s, ${algorithm}`
    : `${digits} digits, counted, ${algorithm}`;
