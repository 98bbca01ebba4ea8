import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, managesVault } from "../access/caller.ts";
import { openText } from "../secrets/open-text.ts";
import { setOrigins } from "./change-origins.ts";
import { originsIn } from "./origins.ts";
import { dataContext, type VaultParts } from "./vault-entry.ts";
import { writeEntries } from "./write-entry.ts";

/** How many entries one call opens: each costs a decryption, and all are one transaction. */
const perCall = 100;

export interface TakenOrigins {
  readonly entries: readonly { readonly id: string; readonly name: string; readonly origins: string[] }[];
  readonly without: number;
  readonly next: string | null;
}

/**
 * Gives entries that belong nowhere the origins of the addresses in their own data: for entries from before there were
 * origins. The data is opened here and shown to nobody; only origins are written.
 */
export async function takeOrigins(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { after }: { readonly after: string | undefined },
): Promise<TakenOrigins> {
  if (!managesVault(caller)) throw new PluginError("FORBIDDEN");
  return writeEntries(parts, caller, async (write) => {
    const rows = await write.trx
      .selectFrom("vault_entry")
      .select(["id", "name", "sealed_data"])
      .where("workspace_id", "=", caller.workspaceId)
      .where(sql<boolean>`origins = '{}'`)
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(perCall)
      .forUpdate()
      .execute();
    const found = rows.map(({ id, name, sealed_data }) => {
      const data = JSON.parse(openText(write.keys, dataContext(id), sealed_data));
      return { id, name, origins: originsIn(data) };
    });
    const entries = found.filter(({ origins }) => origins.length > 0);
    for (const { id, origins } of entries) await setOrigins(write, { id, before: [], after: origins });
    const last = rows.length === perCall ? rows.at(-1) : undefined;
    return { entries, without: rows.length - entries.length, next: last?.id ?? null };
  });
}
