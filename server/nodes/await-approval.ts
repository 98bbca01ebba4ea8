import { ApprovalPending } from "../approvals/ask-people.ts";
import { Suspended, type ToolCall } from "../workflow/node-executor.ts";
import type { NodeParts } from "./node-parts.ts";

/**
 * Reads what people may have to approve first. In a run the run is suspended until they answer; elsewhere the caller
 * gets APPROVAL_NEEDED and comes back.
 */
export async function awaitApproval<T>(
  { approvals }: Pick<NodeParts, "approvals">,
  call: ToolCall,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApprovalPending) || !call.maySuspend) throw error;
    const { approvalId, isNew, until, waitsFor } = error;
    if (isNew) call.onWaiting?.(until, { approvalId, waitsFor });
    throw new Suspended((trx) => approvals.stillAsks(trx, approvalId));
  }
}
