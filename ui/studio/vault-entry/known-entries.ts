import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { listEntries, listEntriesNamed, listGrants, setGrant } from "../api/vault-endpoints.ts";
import { showToast } from "../kit/toasts.ts";
import { grantOf, type KnownEntry } from "./entry-standing.ts";

/** Everything the studio asked the vault is forgotten under this key. */
export const vaultKey = ["vault"] as const;

/** Grants may change on another page in the meantime. */
const fresh = { staleTime: 2_000, refetchOnWindowFocus: true } as const;

/** All entries of one name, and who was granted what. */
export const entriesNamed = (name: string) =>
  queryOptions({
    queryKey: [...vaultKey, "named", name],
    queryFn: async () => withGrants((await listEntriesNamed(name)).entries),
    enabled: name !== "",
    ...fresh,
  });

/** The newest entries that have a second factor; `more` where there are others. */
export const entriesListed = queryOptions({
  queryKey: [...vaultKey, "listed"],
  queryFn: async () => {
    const { entries, next } = await listEntries();
    return {
      known: await withGrants(entries.filter(({ one_time }) => one_time !== null)),
      more: next !== null,
    };
  },
  ...fresh,
});

/** The number of requests at a time: a vault may have hundreds of entries, and the browser has other requests too. */
const atOnce = 4;

async function withGrants(entries: readonly VaultEntryBody[]): Promise<KnownEntry[]> {
  const known: KnownEntry[] = [];
  for (let at = 0; at < entries.length; at += atOnce)
    known.push(
      ...(await Promise.all(
        entries.slice(at, at + atOnce).map(async (entry) => ({
          entry,
          // Asking without the right would be refused, and written down as such.
          ...(entry.rights.includes("manage") ? await listGrants(entry.id) : {}),
        })),
      )),
    );
  return known;
}

/** Lets an agent read an entry's codes besides whatever it may do already, as the server has it now. */
export async function grantCodes(
  queries: QueryClient,
  entry: VaultEntryBody,
  username: string,
): Promise<void> {
  try {
    const { grants } = await listGrants(entry.id);
    const before = grantOf({ entry, grants }, username);
    await setGrant(entry.id, {
      grantee: { kind: "agent_user", name: username },
      rights: [...new Set([...(before?.rights ?? []), "codes" as const])],
      policy: before?.policy ?? {},
    });
    showToast({ text: `${username} may read the codes of “${entry.name}” now.` });
  } catch (error) {
    showToast({ text: messageOf(error), tone: "warning" });
  }
  await queries.invalidateQueries({ queryKey: vaultKey });
}
