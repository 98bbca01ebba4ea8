import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { InboxParts } from "./inbox-parts.ts";

/** Refuses ids of runs and workflows (by id or slug) that this workspace does not have. */
export const requireKnownIds =
  ({ db }: Pick<InboxParts, "db">) =>
  async (
    workspaceId: string,
    { runId, workflowId }: { readonly runId?: string | undefined; readonly workflowId?: string | undefined },
  ): Promise<void> => {
    if (runId === undefined && workflowId === undefined) return;
    const { rows } = await sql<{ run: boolean; workflow: boolean }>`
      select exists (select from workflow_run where workspace_id = ${workspaceId} and id::text = ${runId ?? null}) as run,
        exists (select from workflow where workspace_id = ${workspaceId}
          and (id::text = ${workflowId ?? null} or slug = ${workflowId ?? null})) as workflow`.execute(db);
    const [known] = rows;
    if (runId !== undefined && !known?.run) throw new PluginError("INBOX_ID_UNKNOWN");
    if (workflowId !== undefined && !known?.workflow) throw new PluginError("INBOX_ID_UNKNOWN");
  };
