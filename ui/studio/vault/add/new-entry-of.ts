import type { NewEntry } from "../../api/vault-endpoints.ts";
import type { Given } from "./given.ts";

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the form says, as the server takes it. Nothing that was left empty is sent. */
export function newEntryOf(field: (name: string) => string, given: Given): NewEntry {
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
