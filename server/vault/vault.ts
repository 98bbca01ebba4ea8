import { openBackupCodes, takeBackupCode } from "./backup-codes.ts";
import { confirmEntry, deleteEntry, updateEntry } from "./change-entry.ts";
import { findEntry, listEntries, ownNames } from "./find-entries.ts";
import { listEntryGrants, setEntryGrant } from "./grant-entry.ts";
import { issueServiceCode } from "./issue-service-code.ts";
import { namedSecretsOf } from "./named-secrets.ts";
import { holdsSecret } from "./one-time-secret.ts";
import { openData, openSecret } from "./open-entry.ts";
import { nameableFields, originsFor, releaseFields } from "./release-fields.ts";
import { replaceSecret, restoreSecret } from "./replace-secret.ts";
import { addEntries, addEntry, putEntry } from "./store-entry.ts";
import { takeOrigins } from "./take-origins.ts";
import type { VaultParts } from "./vault-entry.ts";

/**
 * The room of outside services' secrets: created by them, stored here, used to log in there. We are the prover.
 * An entry belongs to an owner. What other callers may do with it are grants.
 */
export const createVault = (parts: VaultParts) => ({
  list: listEntries.bind(null, parts),
  find: findEntry.bind(null, parts),
  add: addEntry.bind(null, parts),
  addAll: addEntries.bind(null, parts),
  ownNames: ownNames.bind(null, parts),
  put: putEntry.bind(null, parts),
  replaceSecret: replaceSecret.bind(null, parts),
  restoreSecret: restoreSecret.bind(null, parts),
  confirm: confirmEntry.bind(null, parts),
  update: updateEntry.bind(null, parts),
  takeOrigins: takeOrigins.bind(null, parts),
  delete: deleteEntry.bind(null, parts),
  namedSecretsOf: namedSecretsOf.bind(null, parts),
  nameableFields: nameableFields.bind(null, parts),
  originsFor: originsFor.bind(null, parts),
  releaseFields: releaseFields.bind(null, parts),
  issueCode: issueServiceCode.bind(null, parts),
  openData: openData.bind(null, parts),
  openBackupCodes: openBackupCodes.bind(null, parts),
  takeBackupCode: takeBackupCode.bind(null, parts),
  openSecret: openSecret.bind(null, parts),
  holdsSecret: holdsSecret.bind(null, parts),
  listGrants: listEntryGrants.bind(null, parts),
  setGrant: setEntryGrant.bind(null, parts),
});

export type Vault = ReturnType<typeof createVault>;
