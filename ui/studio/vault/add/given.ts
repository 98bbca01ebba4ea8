import type { EnrolmentEntry, EntriesReading } from "../../../../plugin/enrolment/enrolment-entry.ts";
import type { NewEntry } from "../../api/vault-endpoints.ts";
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
    return { kind: "refused", why: refused?.message ?? "There is nothing in it that can be stored." };
  const alone = reading.entries.length === 1 && !refused && !reading.batch;
  // Only an import stores a password beside the second factor.
  return alone && !entry.login && (reading.source === "otpauth" || reading.source === "secret")
    ? { kind: "one", text, entry }
    : { kind: "several", text, reading };
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the form says, as the server takes it. Nothing that was left empty is sent. */
export function newEntryOf(field: (name: string) => string, given: Given): Omit<NewEntry, "origins"> {
  // A password may begin or end with a blank.
  const data = Object.entries({
    username: field("username").trim(),
    password: field("password"),
    notes: field("notes").trim(),
  }).filter(([, value]) => value !== "");
  const isLogin = data.some(([name]) => name !== "notes");
  const backupCodes = linesOf(field("backup_codes"));
  return {
    name: field("name").trim(),
    ...(isLogin ? { type: "LOGIN" } : {}),
    data: Object.fromEntries(data),
    ...(backupCodes.length > 0 ? { backup_codes: backupCodes } : {}),
    ...(given.kind === "one"
      ? {
          enrolment: given.text,
          single_use: field("single_use") === "on",
          pending: field("pending") === "on",
        }
      : {}),
  };
}
