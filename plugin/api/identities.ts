import { z } from "zod";
import { role } from "../roles.ts";

/** A caller that can obtain the codes of an identity, and the reason. It has a name, never a key. */
export const codeReader = z.object({
  kind: z.enum(["agent_user", "service_key", "person"]),
  /** Username of an agent user, name of a service key, name of a person. */
  name: z.string(),
  roles: z.array(role).optional().describe("Of a person."),
  /** The agent's location, so that a canvas can show it. Null for keys and people, and for agents of other builders. */
  workflow_slug: z.string().nullable(),
  agent_node_id: z.string().nullable(),
  reason: z.enum(["own_code", "grant", "scope"]),
  because: z.string().describe("A sentence for people."),
});
export type CodeReader = z.infer<typeof codeReader>;

/** The identity of one agent node. Its account may not exist yet. */
export const identity = z.object({
  agent_node_id: z.string(),
  username: z.string(),
  state: z
    .enum(["none", "active", "disabled", "locked", "clash"])
    .describe("`clash`: the name belongs to an account of another place; create_agent_user will be refused."),
  digits: z.int(),
  period: z.int().describe("Seconds."),
  last_used_at: z.iso
    .datetime()
    .nullable()
    .describe("When a code of this account was last read or verified."),
  readers: z.array(codeReader).describe("Everyone who can obtain its codes now, the agent itself first."),
});
export type Identity = z.infer<typeof identity>;

export const identityList = z.object({
  identities: z.array(identity),
  now: z.iso.datetime().describe("The server's clock, so that a canvas can show what is left of a window."),
});
export type IdentityList = z.infer<typeof identityList>;

/** A current code for the person who asks. It is sent once, and never stored or logged. */
export const shownCode = z.object({
  username: z.string(),
  code: z.string(),
  expires_in: z.int().min(1).max(300).describe("Seconds, 1 to period."),
  period: z.int().min(1).max(300).describe("Seconds."),
  now: z.iso.datetime(),
});

/** The steps of a proof, in order. */
export const proofStepName = z.enum(["create", "code", "verify"]);
export type ProofStepName = z.infer<typeof proofStepName>;

/** One line of the answer of `POST …/agents/{id}/prove` (newline-delimited JSON). It never holds a key or a code. */
export const proofStep = z.object({
  hop: proofStepName,
  state: z.enum(["running", "waiting", "passed", "failed"]),
  /** The tool node that took part, and the edge to the agent; null where none is wired. */
  node_id: z.string().nullable(),
  edge_id: z.string().nullable(),
  at: z.iso.datetime(),
  until: z.iso.datetime().optional().describe("With `waiting`: when it goes on by itself."),
  seconds_left: z.int().optional().describe("With `passed`: what was left of the code's window."),
  error: z
    .object({ code: z.string(), message: z.string() })
    .optional()
    .describe("With `failed`: why. The hops after it are not tried."),
});
export type ProofStep = z.infer<typeof proofStep>;
