import { z } from "zod";
import { plainText } from "../plain-text.ts";
import { holdsNoToken, nodeId } from "../workflow.ts";

const noToken = "A key or token has no place here.";

/** The name of a kind of builder. `totem` is our own studio, and no key may use it. */
export const hostName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "Use 1 to 40 lower-case letters, digits or -, beginning with a letter.")
  .refine((host) => host !== "totem", "This name is Totem's own.");

const hostId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "Use 1 to 200 printable ASCII characters without spaces.")
  .refine(holdsNoToken, noToken);

const shownName = plainText(200).refine(holdsNoToken, noToken);

/** One installation of one builder. A key is bound to one. */
export const hostInstance = z.object({ host: hostName, host_instance: hostId });

/**
 * One call of one tool, as the builder sends it. The calling agent follows from the builder's own canvas. `host`,
 * `host_instance`, `workflow_id` and `agent_node_id` identify the agent; names are only shown.
 */
export const hostCallBody = hostInstance.extend({
  workflow_id: hostId,
  workflow_name: shownName.describe("Read when the workflow's first identity is created; its slug stays."),
  agent_node_id: nodeId,
  agent_node_name: shownName.optional(),
  tool: z.string().max(100).describe("A tool of the catalogue that is `hosted`."),
  arguments: z.record(z.string(), z.unknown()).default({}).describe("What the model sent."),
  config: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("What a person set on the tool's node, by the node's config_schema."),
});
export type HostCall = z.infer<typeof hostCallBody>;

export const hostWorkflow = z.object({
  id: z.uuid(),
  host: z.string(),
  host_instance: z.string(),
  workflow_id: z.string(),
  workflow_name: z.string().describe("As it was called last."),
  slug: z.string(),
  created_at: z.iso.datetime(),
  removed_at: z.iso.datetime().nullable().describe("When its host said that it is deleted."),
  identities: z.array(
    z.object({
      agent_node_id: z.string(),
      agent_node_name: z.string(),
      username: z.string(),
      state: z.enum(["active", "disabled", "locked"]),
      created_at: z.iso.datetime(),
      last_used_at: z.iso.datetime().nullable(),
    }),
  ),
});
export type HostWorkflow = z.infer<typeof hostWorkflow>;
export const hostWorkflowList = z.object({ workflows: z.array(hostWorkflow) });

/** How many identities the removal disabled, or how many its undoing enabled. */
export const hostWorkflowChange = z.object({ changed: z.int().min(0) });
