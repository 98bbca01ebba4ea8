import { addEntries, addEntry, ownNames } from "./add-entries.ts";
import { decideApproval, listApprovals } from "./approvals.ts";
import { confirmEntry } from "./confirm-entry.ts";
import { deleteEntry } from "./delete-entry.ts";
import { findEntry, listEntries } from "./find-entries.ts";
import { listEntryGrants, setEntryGrant } from "./grant-entry.ts";
import { issueServiceCode } from "./issue-service-code.ts";
import { holdsSecret, openBackupCodes, openData, openSecret, takeBackupCode } from "./open-entry.ts";
import { putEntry } from "./put-entry.ts";
import { replaceSecret, restoreSecret } from "./replace-secret.ts";
import { updateEntry } from "./update-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/**
 * The room of outside services' secrets: made by them, kept here, used to log in there. We are the prover.
 * An entry belongs to a principal; what others may do with it are grants.
 */
export const createVault = (parts: VaultParts) => ({
  list: listEntries(parts),
  find: findEntry(parts),
  add: addEntry(parts),
  addAll: addEntries(parts),
  ownNames: ownNames(parts),
  put: putEntry(parts),
  replaceSecret: replaceSecret(parts),
  restoreSecret: restoreSecret(parts),
  confirm: confirmEntry(parts),
  update: updateEntry(parts),
  delete: deleteEntry(parts),
  issueCode: issueServiceCode(parts),
  openData: openData(parts),
  openBackupCodes: openBackupCodes(parts),
  takeBackupCode: takeBackupCode(parts),
  openSecret: openSecret(parts),
  holdsSecret: holdsSecret(parts),
  listGrants: listEntryGrants(parts),
  setGrant: setEntryGrant(parts),
  listApprovals: listApprovals(parts),
  decideApproval: decideApproval(parts),
});

export type Vault = ReturnType<typeof createVault>;
