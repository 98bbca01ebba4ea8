import type { ChainReport } from "../audit/chain/verify-chain.ts";

/** A report of a chain, for people. */
export function describeReport(workspace: string, report: ChainReport): string {
  const lines = [report.fault ? `NOT WHOLE: ${report.fault.text}` : wholeness(report)];
  for (const { first_sequence, rows, from, to } of report.gaps)
    lines.push(
      from === null
        ? `${count(rows)} from row ${first_sequence} on were there before the first seal (${to}). The chain says nothing about the time before.`
        : `${count(rows)} from row ${first_sequence} on had no seal from ${from} to ${to}: a process ended without sealing them. A change in that time left no trace.`,
    );
  if (report.unsealed.rows > 0)
    lines.push(
      `${count(report.unsealed.rows)} have no seal yet, the oldest from ${report.unsealed.oldest_at}.`,
    );
  if (report.witnesses === 0 && report.rows > 0)
    lines.push(
      "No stored seal to compare with: an end that was removed with its seals would not be noticed.",
    );
  for (const id of report.key_ids) lines.push(`Signed by the key ${id}`);
  return `${lines.map((line, index) => `${index === 0 ? `${workspace}: ` : "  "}${line}\n`).join("")}`;
}

const count = (rows: number): string => (rows === 1 ? "1 row" : `${rows.toLocaleString("en")} rows`);

const wholeness = ({ rows, seals, sealed_at, witnesses }: ChainReport): string =>
  rows === 0
    ? "no row is sealed yet."
    : `whole. ${count(rows)} in ${seals.toLocaleString("en")} seals, the last of ${sealed_at}${witnesses > 0 ? ", with the stored seal" : ""}.`;
