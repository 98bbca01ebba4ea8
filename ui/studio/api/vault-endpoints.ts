import type { z } from "zod";
import {
  type entryGrant,
  type entryGrantBody,
  entryGrantList,
  serviceCode,
  vaultEntryList,
} from "../../../plugin/api/vault.ts";
import { request } from "./request.ts";

/** The vault's addresses, apart from the others: their schemas are not on the first view. */

export type EntryGrant = z.output<typeof entryGrant>;

const entryPath = (id: string) => `/api/v1/vault/entries/${encodeURIComponent(id)}`;

/** The newest entries, or those of one name: several owners may have one each. */
export const listVaultEntries = (name?: string) =>
  request(`/api/v1/vault/entries?limit=200${name === undefined ? "" : `&name=${encodeURIComponent(name)}`}`, {
    answer: vaultEntryList,
  });

export const listEntryGrants = (id: string) =>
  request(`${entryPath(id)}/grants`, { answer: entryGrantList }).then(({ grants }) => grants);
export const setEntryGrant = (id: string, body: z.input<typeof entryGrantBody>) =>
  request(`${entryPath(id)}/grants`, { method: "PUT", body, answer: entryGrantList });

/** The code of this moment, for the person who asks. Every answer is in the audit log. */
export const readServiceCode = (id: string) => request(`${entryPath(id)}/code`, { answer: serviceCode });
