import type { WorkflowEdge, WorkflowNode } from "../../../plugin/workflow.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { Json, MaybeTime, Time } from "./column.ts";

export interface ModelKeyTable {
  id: string;
  workspace_id: string;
  name: string;
  provider: string;
  base_url: string;
  sealed_key: SealedText;
  created_at: Time;
  created_by: string | null;
}

export interface WorkflowTable {
  id: string;
  workspace_id: string;
  slug: string;
  name: string;
  version: number;
  created_at: Time;
  updated_at: Time;
  deleted_at: MaybeTime;
}

/** Each slug that a workflow of a workspace has or had, in any builder. */
export interface TakenSlugTable {
  workspace_id: string;
  slug: string;
}

/** A workflow of another builder, whose agents have accounts here. */
export interface HostWorkflowTable {
  id: string;
  workspace_id: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  name: string;
  slug: string;
  created_at: Time;
  removed_at: MaybeTime;
  /** A key of the host undoes only what the host did. */
  removed_by: "host" | "operator" | null;
}

/** Every saved version; a run executes one of them and never a newer one. */
export interface WorkflowVersionTable {
  workflow_id: string;
  version: number;
  nodes: Json<WorkflowNode[]>;
  edges: Json<WorkflowEdge[]>;
  created_at: Time;
}
