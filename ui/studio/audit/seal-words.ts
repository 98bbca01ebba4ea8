import type { SealState, VerifyLine } from "../../../plugin/api/audit-seals.ts";
import type { AuditStreamBody } from "../../../plugin/api/audit-streams.ts";
import { exactTime, relativeTime } from "../kit/times.ts";

const rows = (count: number): string => (count === 1 ? "1 row" : `${count.toLocaleString("en")} rows`);

/** "3 seconds ago": what is sealed every few seconds is told in seconds. */
function ago(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1_000);
  return seconds >= 1 && seconds < 60
    ? `${seconds} ${seconds === 1 ? "second" : "seconds"} ago`
    : relativeTime(at, now);
}

export const sealWords = (
  { sealed_up_to, sealed_at, key_id, stored_seal_lost }: SealState,
  now: number,
): string =>
  stored_seal_lost
    ? "Rows were removed or written anew: a seal that the server stored is not in the log any more"
    : sealed_at === null || key_id === null
      ? "No row is sealed yet"
      : `Sealed up to row ${sealed_up_to}, ${ago(sealed_at, now)}, key ${key_id.slice(0, 8)}…`;

export const unsealedWords = ({ unsealed_rows }: SealState): string | undefined =>
  unsealed_rows === 0 ? undefined : `${rows(unsealed_rows)} not sealed yet`;

type Report = Extract<VerifyLine, { event: "report" }>;

/** What a verification found, as a sentence. */
export function reportWords(report: Report): string {
  if (report.fault) return `The log is not whole. ${report.fault.text}`;
  const gaps =
    report.gaps === 0
      ? ""
      : ` ${report.gaps === 1 ? "Once" : `${report.gaps} times`} rows had no seal for longer than usual: totem audit verify says when.`;
  return `The log is whole: ${report.rows} sealed ${report.rows === 1 ? "row" : "rows"}, none changed, removed, moved or added.${gaps}`;
}

/** How far a stream is. */
export function streamWords(stream: AuditStreamBody, now: number): string {
  if (stream.behind === 0)
    return stream.last_sent_at === null
      ? "nothing to send yet"
      : `up to date, last sent ${ago(stream.last_sent_at, now)}`;
  const since = stream.behind_since === null ? "" : ` since ${exactTime(stream.behind_since)}`;
  return `behind by ${rows(stream.behind)}${since}.${stream.problem === null ? "" : ` ${stream.problem}`}`;
}
