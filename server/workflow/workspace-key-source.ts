import type { WorkspaceKeys } from "../secrets/key-ring.ts";

/** What this room needs of the key ring: it is passed in, and with it the master key stays elsewhere. */
export interface WorkspaceKeySource {
  forWorkspace(workspaceId: string): Promise<WorkspaceKeys>;
}
