import type { z } from "zod";
import { namedSecretList } from "../../../plugin/api/named-secrets.ts";
import {
  type entryGrant,
  type entryGrantBody,
  entryGrantList,
  entryWithData,
  importAnswer,
  serviceCode,
  storedEntry,
  takenOrigins,
  vaultEntry,
  vaultEntryList,
} from "../../../plugin/api/vault.ts";
import { request } from "./request.ts";

/** The vault's addresses, apart from the others: their schemas are not on the first view. */

export type EntryGrant = z.output<typeof entryGrant>;

const entries = "/api/v1/vault/entries";
const entryPath = (id: string) => `${entries}/${encodeURIComponent(id)}`;

/** A page of the list, and how far the server's clock is from ours. */
export async function listEntries(before?: string, belongs?: "nowhere") {
  const page = before === undefined ? "" : `&before=${encodeURIComponent(before)}`;
  const filter = belongs === undefined ? "" : `&belongs=${belongs}`;
  const answer = await request(`${entries}?limit=200${page}${filter}`, { answer: vaultEntryList });
  return { ...answer, offsetMs: Date.parse(answer.now) - Date.now() };
}
export interface NewEntry {
  readonly name: string;
  readonly type?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly enrolment?: string;
  readonly backup_codes?: readonly string[];
  readonly single_use?: boolean;
  readonly pending?: boolean;
  readonly origins: readonly string[];
}
export const changeOrigins = (id: string, origins: readonly string[]) =>
  request(entryPath(id), { method: "PATCH", body: { origins }, answer: vaultEntry });
export type TakenOrigins = z.output<typeof takenOrigins>;
/** One part of the entries that belong nowhere; `next` of the answer is where the next part begins. */
export const takeOrigins = (after: string | undefined) =>
  request("/api/v1/vault/take-origins", {
    method: "POST",
    body: after === undefined ? {} : { after },
    answer: takenOrigins,
  });
export const readEntry = (id: string) => request(entryPath(id), { answer: vaultEntry });
/** What is stored with it. A person asks for it, so they may be asked for a proof. */
export const openEntryData = (id: string) =>
  request(`${entryPath(id)}/data`, { answer: entryWithData, asks: true });
export const addEntry = (body: NewEntry) => request(entries, { method: "POST", body, answer: storedEntry });
export const deleteEntry = (id: string) => request(entryPath(id), { method: "DELETE", keepalive: true });
/** The code of this moment, for the person who asks. Every answer is in the audit log. */
export const readEntryCode = (id: string) => request(`${entryPath(id)}/code`, { answer: serviceCode });
export const confirmEntry = (id: string, code: string | undefined) =>
  request(`${entryPath(id)}/confirm`, {
    method: "POST",
    body: code === undefined ? {} : { code },
    answer: vaultEntry,
  });
export const replaceSecret = (id: string, enrolment: string, pending: boolean) =>
  request(`${entryPath(id)}/secret`, { method: "PUT", body: { enrolment, pending }, answer: storedEntry });
export const restoreSecret = (id: string) =>
  request(`${entryPath(id)}/restore-secret`, { method: "POST", answer: vaultEntry });

/** The entries of one name: several owners may have one each. */
export const listEntriesNamed = (name: string) =>
  request(`${entries}?limit=200&name=${encodeURIComponent(name)}`, { answer: vaultEntryList });

/** Every grant, and every person who may use the entry, by name. */
export const listGrants = (id: string) => request(`${entryPath(id)}/grants`, { answer: entryGrantList });
export type EntryReader = z.output<typeof entryGrantList>["people"][number];
export type NewGrant = z.input<typeof entryGrantBody>;
export const setGrant = (id: string, body: NewGrant) =>
  request(`${entryPath(id)}/grants`, { method: "PUT", body, answer: entryGrantList });

/** Stores the chosen entries of a text, by their index in it. */
export interface ImportChoice {
  readonly text: string;
  readonly indexes: readonly number[];
  readonly origins: readonly { readonly index: number; readonly origins: readonly string[] }[];
}
export const importEntries = (body: ImportChoice) =>
  request("/api/v1/vault/import", { method: "POST", body, answer: importAnswer });
/** What an agent may write where a secret belongs: names, no values. */
export const listNamedSecrets = async (username: string) =>
  (
    await request(`/api/v1/agent-users/${encodeURIComponent(username)}/named-secrets`, {
      answer: namedSecretList,
    })
  ).entries;
