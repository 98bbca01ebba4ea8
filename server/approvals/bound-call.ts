import { type RawBuilder, sql } from "kysely";
import type { Caller } from "../access/caller.ts";

/**
 * What a yes is bound to. In a run it is this very call, which keeps its name when it is repeated after a crash.
 * Elsewhere it is the caller at this place, and one request uses the yes up.
 */
export interface BoundCall {
  readonly call_key: string;
  /** Names the read that uses the yes up, so that the same read may decide twice. */
  readonly used_by: string;
}

export function bindCall({ actor, trace }: Caller, { requestId }: { readonly requestId: string }): BoundCall {
  if (trace?.runId !== undefined && trace.callId !== undefined)
    return { call_key: trace.callId, used_by: trace.callId };
  const place = [actor.kind, actor.id, trace?.workflowId ?? "", trace?.nodeId ?? "", trace?.runId ?? ""];
  return { call_key: place.join(" "), used_by: requestId };
}

interface Read {
  /** The id of the entry or of the agent user. */
  readonly subjectId: RawBuilder<unknown>;
  readonly callKey: RawBuilder<unknown>;
  readonly usedBy: RawBuilder<unknown>;
  readonly at: RawBuilder<unknown>;
}

/** Whether row `a` of approval opens this read. */
export const opensRead = ({ subjectId, callKey, usedBy, at }: Read): RawBuilder<boolean> => sql<boolean>`
  a.subject_id = ${subjectId} and a.call_key = ${callKey}::text and a.expires_at > ${at}::timestamptz
  and (a.state = 'approved' or (a.state = 'used' and a.used_by = ${usedBy}::text))`;

export const isApproved = (read: Read): RawBuilder<boolean> => sql<boolean>`
  exists (select from approval a where ${opensRead(read)})`;

/** Uses the yes up for this read. Of several reads at once one finds it. The statement's row `f` says whether it asks. */
export const useApproval = (read: Read): RawBuilder<unknown> => sql`
  update approval a set state = 'used', used_by = ${read.usedBy}::text
  from found f where f.refusal is null and f.asks and ${opensRead(read)}
  returning a.id`;

/**
 * Whether a run's very call asked and got no yes. A call that waited does not go on without an answer, also when its
 * policy was taken away meanwhile: it ends, and the next call goes by the new policy.
 */
export const hasAsked = ({ subjectId, callKey, usedBy }: Read): RawBuilder<boolean> => sql<boolean>`
  (${callKey}::text = ${usedBy}::text and exists (select from approval a
    where a.subject_id = ${subjectId} and a.call_key = ${callKey}::text and a.state in ('denied', 'expired', 'withdrawn')))`;
