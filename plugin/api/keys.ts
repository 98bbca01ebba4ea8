import { z } from "zod";
import { modelProviders } from "../nodes/ai-model.ts";
import { hostInstance, hostName } from "./host-calls.ts";
import { scope } from "./scopes.ts";

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.-]*$/u, "Use letters, digits, spaces, _ . or -.");

export const createServiceKeyBody = z.object({
  name,
  scopes: z.array(scope).min(1).max(20),
  expires_in: z.int().min(60).max(31_536_000).optional().describe("Seconds; absent means never."),
  host: hostName.optional().describe("With hosts:call: the kind of builder it speaks for."),
  host_instance: hostInstance.shape.host_instance
    .optional()
    .describe(
      "With hosts:call: which installation. Without both, its first call says so, once for ever; and that must be one that no other key speaks for.",
    ),
  signed: z
    .boolean()
    .optional()
    .describe(
      "With hosts:call: its calls must be signed with a key pair of the installation that a person has confirmed.",
    ),
});
export const serviceKey = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(scope),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  host: z
    .string()
    .nullable()
    .describe("The builder a key of scope hosts:call speaks for; null before its first call."),
  host_instance: z.string().nullable(),
  signed: z
    .boolean()
    .describe("Its calls must be signed, also where other keys of the installation need not."),
  created_by: z.string().nullable().describe("Who made it; null for keys from before there were people."),
  last_used_at: z.iso.datetime().nullable().describe("To the minute."),
  last_used_ip: z.string().nullable(),
  previous_until: z.iso
    .datetime()
    .nullable()
    .describe("Until then the key before the last rotation is accepted too."),
});
export type ServiceKeyBody = z.infer<typeof serviceKey>;
/** The key itself is in this answer and in no other. */
export const createdServiceKey = serviceKey.extend({ key: z.string() });
/** A key that may have leaked is rotated with an overlap of 0: it ends at once. */
export const rotateServiceKeyBody = z
  .strictObject({
    overlap: z
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .describe("Seconds for which the old key is accepted beside the new one, at most 7 days."),
  })
  .prefault({});
export const serviceKeyList = z.object({ keys: z.array(serviceKey) });

export const createWorkspaceBody = z.object({ name });
/** A new workspace and the one key that can administer it. */
export const createdWorkspace = z.object({ id: z.uuid(), name: z.string(), key: z.string() });

export const createModelKeyBody = z.object({
  name,
  provider: z.enum(modelProviders).exclude(["scripted"]),
  key: z.string().min(1).max(1_000),
  base_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine((address) => !/^[^/]*\/\/[^/?#]*@/.test(address), "Must be an address without credentials.")
    // What follows one of these would swallow the path that is added.
    .refine((address) => !/[?#\\]/.test(address), "Must be an address without ? or #.")
    .optional()
    .describe("The only place this key is ever sent to. Empty means the provider's own."),
});
export const modelKey = z.object({
  name: z.string(),
  provider: z.string(),
  base_url: z.string(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable().describe("Who stored it; null for keys from before there were people."),
  used_by: z
    .array(z.object({ slug: z.string(), name: z.string() }))
    .optional()
    .describe("With ?uses=true: the workflows that name it."),
});
/** The key is replaced together with the address it is sent to: an old key goes to no new address. */
export const replaceModelKeyBody = createModelKeyBody.pick({ key: true, base_url: true }).strict();
export const modelKeyList = z.object({ model_keys: z.array(modelKey) });
export type ModelKeyBody = z.infer<typeof modelKey>;

/** Whose the token is; an agent that asks for its own leaves this out. */
export const createMcpTokenBody = z
  .strictObject({
    agent_user: z.string().min(1).max(300).optional().describe("A username."),
    service_key: z.string().min(1).max(100).optional().describe("The name of a service key."),
  })
  .default({})
  .refine(
    (body) => body.agent_user === undefined || body.service_key === undefined,
    "Name an agent user or a service key, not both.",
  );

export const mcpToken = z.object({
  id: z.uuid(),
  owner: z.object({ kind: z.enum(["agent_user", "service_key"]), name: z.string() }),
  created_at: z.iso.datetime(),
  created_by: z
    .string()
    .nullable()
    .describe("Who made it; null for addresses from before there were people."),
  last_used_at: z.iso.datetime().nullable().describe("To the minute."),
  last_used_ip: z.string().nullable(),
});
export type McpTokenBody = z.infer<typeof mcpToken>;
/** The token itself is in this answer and in no other. */
export const createdMcpToken = mcpToken.extend({
  token: z.string().describe("Goes into the address: /mcp/{token}."),
});
export const mcpTokenList = z.object({ mcp_tokens: z.array(mcpToken) });
