import {
  addModelKey,
  listModelKeys,
  listModelKeyUses,
  type ModelKeyParts,
  removeModelKey,
  replaceModelKey,
} from "./model-key-store.ts";
import {
  createWorkflow,
  getWorkflow,
  getWorkflowVersion,
  listWorkflows,
  listWorkflowsByIds,
  removeWorkflow,
  restoreWorkflow,
  saveWorkflow,
  type WorkflowParts,
} from "./workflow-store.ts";

/**
 * Workflows and their versions. Promises: a stale write is refused, never merged. A slug stays with its workflow, also
 * after deletion. Hooks on the graph run in the same transaction.
 */
export const createWorkflows = (parts: WorkflowParts) => ({
  create: createWorkflow.bind(null, parts),
  list: listWorkflows.bind(null, parts),
  get: getWorkflow.bind(null, parts),
  listByIds: listWorkflowsByIds.bind(null, parts),
  getVersion: getWorkflowVersion.bind(null, parts),
  save: saveWorkflow.bind(null, parts),
  remove: removeWorkflow.bind(null, parts),
  restore: restoreWorkflow.bind(null, parts),
});

export type Workflows = ReturnType<typeof createWorkflows>;

/** The keys of model providers: written once, named on the canvas, read only to call the model. */
export const createModelKeys = (parts: ModelKeyParts) => ({
  add: addModelKey.bind(null, parts),
  list: listModelKeys.bind(null, parts),
  listUses: listModelKeyUses.bind(null, parts),
  replace: replaceModelKey.bind(null, parts),
  remove: removeModelKey.bind(null, parts),
});

export type ModelKeys = ReturnType<typeof createModelKeys>;
