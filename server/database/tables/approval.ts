import type { Generated } from "kysely";
import type { ApprovalState, AskPolicy } from "../../../plugin/api/approvals.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { Json, MaybeTime, Time } from "./column.ts";

/** A question to people: may this call read this code? */
export interface ApprovalTable {
  id: string;
  workspace_id: string;
  subject_kind: "vault_entry" | "agent_user";
  subject_id: string;
  subject_name: string;
  /** The grant that asks; null where the entry or the agent user itself does. */
  grant_id: string | null;
  /** One call of one run, or one caller at one place. */
  call_key: string;
  reader: string;
  workflow_id: string | null;
  run_id: string | null;
  node_id: string | null;
  /** The model's words. */
  reason: string | null;
  /** As it was when the question was asked. */
  policy: Json<AskPolicy>;
  /** Persons who asked or caused it. */
  caused_by: string[];
  state: ApprovalState;
  /** The request that the yes was used up by. */
  used_by: string | null;
  created_at: Time;
  /** Of an open question its end; of a yes, until when it is good. */
  expires_at: Time;
  decided_at: MaybeTime;
  message_attempts: Generated<number>;
  message_due_at: MaybeTime;
  message_sent_at: MaybeTime;
  message_problem: string | null;
}

export interface ApprovalAnswerTable {
  approval_id: string;
  person_id: string;
  name: string;
  decision: "approve" | "deny";
  answered_at: Time;
}

/** Where a workspace's questions are sent to. The address holds a token. */
export interface ApprovalWebhookTable {
  workspace_id: string;
  sealed_url: SealedText;
  host: string;
  updated_at: Time;
  updated_by: string;
}
