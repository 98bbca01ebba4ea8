import { PluginError } from "../../plugin/plugin-error.ts";
import { isUuid } from "../../plugin/uuid.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { KeyRing, WorkspaceKeys } from "../secrets/key-ring.ts";

/** How long a link opens its question after the question's end, to show what became of it. */
const afterwardsMs = 24 * 3_600_000;

const context = (id: string) => ({ table: "approval", rowId: id, column: "link" });

/**
 * The token of a link to one question. The seal signs it: it is bound to this question of this workspace, and to a
 * time. It gives no right: who opens it signs in, and may answer or may not.
 */
export function signLink(
  keys: WorkspaceKeys,
  { id, expiresAt }: { readonly id: string; readonly expiresAt: Date },
): string {
  return `${id}.${keys.seal(context(id), String(expiresAt.getTime() + afterwardsMs))}`;
}

/** The question that a link means. */
export async function readLink(
  { keyRing, clock }: { readonly keyRing: KeyRing; readonly clock: Clock },
  { workspaceId }: AuthenticatedCaller,
  token: string,
): Promise<string> {
  const [id = "", ...sealed] = token.split(".");
  if (isUuid(id)) {
    const keys = await keyRing.forWorkspace(workspaceId);
    const until = openNumber(keys, id, sealed.join("."));
    if (until !== undefined && until > clock.now().getTime()) return id;
  }
  throw new PluginError("APPROVAL_LINK_REFUSED");
}

function openNumber(keys: WorkspaceKeys, id: string, sealed: string): number | undefined {
  try {
    return Number(keys.open(context(id), sealed).toString("utf8"));
  } catch (error) {
    if (error instanceof PluginError) return undefined;
    throw error;
  }
}
