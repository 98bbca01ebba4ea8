import type { QueryClient } from "@tanstack/react-query";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { listGrants, setGrant } from "../api/vault-endpoints.ts";
import { showToast } from "../kit/toasts.ts";
import { grantOf } from "./entry-standing.ts";
import { vaultKey } from "./known-entries.ts";

/** Lets an agent read an entry's codes besides whatever it may do already, as the server has it now. */
export async function grantCodes(
  queries: QueryClient,
  entry: VaultEntryBody,
  username: string,
): Promise<void> {
  try {
    const grants = await listGrants(entry.id);
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
