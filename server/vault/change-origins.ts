import { mostOrigins, widerOrigins } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, nothingLasting } from "../access/caller.ts";
import { originsIn, readOrigins } from "./origins.ts";
import { auditEntry, type EntryWrite } from "./write-entry.ts";

/**
 * A model that was talked into something must not be able to send what an entry holds elsewhere. So an agent says where
 * an entry belongs when it stores it, and from then on only narrows that, whatever its rights.
 */
export function requireMayWiden(caller: AuthenticatedCaller): void {
  if (caller.provenBy === "workload_token") throw nothingLasting();
  if (caller.kind === "agent_user")
    throw new PluginError("FORBIDDEN", {
      message:
        "An agent may not let a stored secret go to another address. Its owner adds the address in the vault.",
    });
}

interface Put {
  readonly before: readonly string[];
  readonly entry: {
    readonly data: Readonly<Record<string, unknown>>;
    readonly origins?: readonly string[] | undefined;
  };
  /** The seed from before stays in the entry. */
  readonly keepsSeed: boolean;
}

/**
 * Where an entry belongs whose content is replaced. What is said counts. Where nothing is said, a new address in the
 * data counts only for an entry that holds nothing from before.
 */
export function originsAfterPut(
  caller: AuthenticatedCaller,
  { before, entry, keepsSeed }: Put,
): readonly string[] {
  if (entry.origins !== undefined) {
    const origins = readOrigins(entry.origins);
    if (keepsSeed && widerOrigins(before, origins).length > 0) requireMayWiden(caller);
    return origins;
  }
  const found = originsIn(entry.data);
  return keepsSeed || found.length === 0 ? before : found;
}

interface OriginsChange {
  readonly id: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Writes the origins of an entry that is locked. Handles that were given out follow at once. */
export async function setOrigins(write: EntryWrite, { id, before, after }: OriginsChange): Promise<void> {
  const added = after.filter((origin) => !before.includes(origin));
  const removed = before.filter((origin) => !after.includes(origin));
  if (added.length + removed.length === 0) return;
  const origins = [...after].slice(0, mostOrigins);
  await write.trx.updateTable("vault_entry").set({ origins }).where("id", "=", id).execute();
  await write.trx.updateTable("one_time_handle").set({ origins }).where("entry_id", "=", id).execute();
  await auditEntry(write, "vault.origins_changed", { id, reason: wordsOf(added, removed) });
}

/** Host names are no secrets, and a person who looks for what went wrong needs them. */
const wordsOf = (added: readonly string[], removed: readonly string[]): string =>
  [
    ...(added.length > 0 ? [`added ${added.join(", ")}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(", ")}`] : []),
  ]
    .join("; ")
    .slice(0, 2_000);

/** Handles of what an entry held before: they stand for nothing any more. */
export const dropHandles = async ({ trx }: EntryWrite, id: string): Promise<void> =>
  void (await trx.deleteFrom("one_time_handle").where("entry_id", "=", id).execute());
