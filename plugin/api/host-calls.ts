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

/** The public key of a machine of an installation. The request is signed with its private half (RFC 9421). */
export const enrolKeyPairBody = hostInstance.extend({
  public_key: z
    .string()
    .regex(/^[\w-]{43}$/, "Use the 32 bytes of an Ed25519 public key in base64url.")
    .describe("Ed25519, 32 bytes in base64url. It is the keyid of every signature."),
});

export const enrolledKeyPair = z.object({
  state: z
    .enum(["pending", "confirmed"])
    .describe("pending: a person must confirm it in Totem, under Hosts."),
  fingerprint: z.string().describe("What the person compares: show it where the host shows its own."),
});

export const confirmKeyPairBody = z.strictObject({
  fingerprint: z.string().max(100).describe("The one that was compared with the host's."),
});

export const hostKeyPair = z.object({
  id: z.uuid(),
  fingerprint: z.string(),
  state: z.enum(["pending", "confirmed"]),
  enrolled_at: z.iso.datetime(),
  confirmed_at: z.iso.datetime().nullable(),
  confirmed_by: z.string().nullable(),
});
export type HostKeyPair = z.infer<typeof hostKeyPair>;

export const hostInstallation = z.object({
  id: z.uuid(),
  host: z.string(),
  host_instance: z.string(),
  claimed_at: z.iso.datetime(),
  requires_signature: z
    .boolean()
    .describe("Its calls are signed by a key pair of its machine. If not, it is not bound to a machine."),
  embedded: z
    .boolean()
    .describe("A program that runs Totem in its own process speaks for it, without a key."),
  keys: z.array(z.string()).describe("The names of the keys that speak for it."),
  key_pairs: z.array(hostKeyPair),
});
export type HostInstallation = z.infer<typeof hostInstallation>;
export const hostInstallationList = z.object({ installations: z.array(hostInstallation) });
export const changeInstallationBody = z.strictObject({ requires_signature: z.boolean() });

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
