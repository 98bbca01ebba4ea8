import type { EnrolmentEntry, EntriesReading } from "../../../../plugin/enrolment/enrolment-entry.ts";
import type { GivenEnrolment } from "./EnrolmentSource.tsx";

/** Whether what was given is one second factor to be named, several to choose from, or nothing we can use. */
export type Given =
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "one"; readonly text: string; readonly entry: EnrolmentEntry }
  | { readonly kind: "several"; readonly text: string; readonly reading: EntriesReading };

export function sortGiven(given: GivenEnrolment | undefined): Given {
  if (!given) return { kind: "nothing" };
  const { text, reading } = given;
  if (reading.kind === "refused") return { kind: "refused", why: reading.message };
  const [entry] = reading.entries;
  const [refused] = reading.refused;
  if (!entry)
    return { kind: "refused", why: refused?.message ?? "There is nothing inside that can be kept." };
  const alone = reading.entries.length === 1 && !refused && !reading.batch;
  // A password beside the second factor is kept only by an import.
  return alone && !entry.login && (reading.source === "otpauth" || reading.source === "secret")
    ? { kind: "one", text, entry }
    : { kind: "several", text, reading };
}

/** A name nobody has given yet: what the link calls it, with a number where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const line = wanted
    .replaceAll(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 190);
  if (!taken.includes(line)) return line;
  for (let number = 2; ; number++) if (!taken.includes(`${line} ${number}`)) return `${line} ${number}`;
}
