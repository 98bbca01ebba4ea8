import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import type { CodeSource } from "../../canvas/code/code-source.tsx";
import { windowAt } from "../../canvas/code/code-window.ts";
import { messageOf } from "../api/request.ts";
import { readEntryCode } from "../api/vault-endpoints.ts";

/** How long a counted code stays in memory once it was taken: nothing else ends it. */
export const countedCodeMs = 60_000;

/**
 * Where the rings of one entry get its codes. A seed that was replaced makes another source, because what is
 * held of the one before is wrong.
 */
function createSource(entry: VaultEntryBody, offsetMs: number, onRead: () => void): CodeSource {
  const { id, name, one_time } = entry;
  const period = one_time?.period ?? undefined;
  return {
    subscribe: () => () => {},
    windowOf: () => (period === undefined ? undefined : { period, offsetMs, username: name }),
    read: async () => {
      try {
        const { code, period: length, server_time } = await readEntryCode(id);
        onRead();
        if (length === null) return { code, endsAt: Date.now() + countedCodeMs };
        const { endsAt } = windowAt(Date.parse(server_time), { period: length, offsetMs: 0 });
        return { code, endsAt: endsAt - offsetMs };
      } catch (error) {
        throw new Error(messageOf(error));
      }
    },
  };
}

/** One source for each entry while the page is open: a second look in the same window sends no second request. */
export function createEntryCodes(onRead: () => void) {
  const sources = new Map<string, CodeSource>();
  return {
    sourceOf: (entry: VaultEntryBody, offsetMs: number): CodeSource => {
      const key = `${entry.id} ${entry.last_rotated_at}`;
      const source = sources.get(key) ?? createSource(entry, offsetMs, onRead);
      sources.set(key, source);
      return source;
    },
  };
}
export type EntryCodes = ReturnType<typeof createEntryCodes>;
