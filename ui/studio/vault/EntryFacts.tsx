import type { ReactNode } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { exactTime, relativeTime } from "../kit/times.ts";
import { principalWords, wordsOfType } from "./entry-words.ts";

/** What is known of an entry without opening anything. */
export function EntryFacts({ entry, now }: { entry: VaultEntryBody; now: number }) {
  const { one_time } = entry;
  const time = (at: string | null, never: string) =>
    at === null ? never : <span title={exactTime(at)}>{relativeTime(at, now)}</span>;
  const facts: readonly (readonly [string, ReactNode])[] = [
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
  return (
    <section className="panel__section" aria-label="About">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="facts__row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const howMade = ({ type, algorithm, digits, period }: NonNullable<VaultEntryBody["one_time"]>): string =>
  type === "totp"
    ? `${digits} digits every ${period} s, ${algorithm}`
    : `${digits} digits, counted, ${algorithm}`;
