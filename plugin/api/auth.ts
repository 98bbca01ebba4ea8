import { z } from "zod";
import { role } from "../roles.ts";
import { scope } from "./scopes.ts";

export const sessionBody = z.object({ api_key: z.string().max(200), code: z.string().max(64) });
export const sessionAnswer = z.object({ token: z.string(), expires_at: z.iso.datetime() });

/** The studio's sign-in: a one-time link's token, or an administrator's key. Answers with a cookie. */
export const signInBody = z.union([
  z.strictObject({ link: z.string().max(200) }),
  z.strictObject({ key: z.string().max(1_000) }),
]);

export const whoamiAnswer = z.object({
  kind: z.enum(["person", "service_key", "agent_user"]),
  name: z.string(),
  workspace: z.string(),
  scopes: z.array(scope),
  person: z
    .object({
      id: z.uuid().nullable().describe("null in a session from before there were people."),
      roles: z.array(role),
      proved_at: z.iso.datetime().nullable().describe("The last fresh proof, good for 10 minutes."),
    })
    .nullable(),
  agent_user: z
    .object({
      username: z.string(),
      host: z.string(),
      workflow_id: z.string(),
      agent_node_id: z.string(),
      session: z.boolean(),
    })
    .nullable(),
});
