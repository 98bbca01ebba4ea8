import type { WorkspaceKeys } from "./key-ring.ts";

/** The text of a sealed value. Its bytes are overwritten at once; a text itself cannot be. */
export function openText(keys: WorkspaceKeys, ...sealed: Parameters<WorkspaceKeys["open"]>): string {
  const bytes = keys.open(...sealed);
  try {
    return bytes.toString();
  } finally {
    bytes.fill(0);
  }
}
