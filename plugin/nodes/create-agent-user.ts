import { z } from "zod";
import { defineTool, revealKeyField, secretMark } from "../define-node.ts";
import { toolHandle } from "../handles.ts";
import { plainText } from "../plain-text.ts";

/** Enrolls the agent it is wired to: an account, an API key and a shared secret of its own. */
export const createAgentUser = defineTool({
  type: "create_agent_user",
  version: 1,
  kind: "tool",
  palette: {
    label: "Create Agent User",
    group: "Identity",
    icon: "user-plus",
    description: "Gives the agent an account of its own.",
  },
  tool: {
    description:
      "Create your own account, or read it again: returns your username and API key. Calling it twice changes nothing.",
    repeatable: true,
    hosted: true,
    mcp: { effect: "adds", agentScope: "codes:read" },
  },
  ports: {
    inputs: [],
    outputs: [
      { name: "credentials", type: "string", description: "JSON with the username and the API key." },
    ],
  },
  handles: [toolHandle],
  config: z.object({
    api_base_url: z
      .string()
      .max(2_000)
      .default("")
      .meta({ title: "API base URL", description: "Told to the agent. Empty means this server." }),
    reveal: revealKeyField,
  }),
  input: z.object({ purpose: plainText(500).default("").describe("What the account is for.") }),
  output: z.object({
    success: z.literal(true),
    username: z.string(),
    api_key: z.string().meta(secretMark),
    api_base_url: z.string(),
    purpose: z.string(),
    already_existed: z.boolean(),
  }),
  errors: ["AGENT_NOT_CONNECTED", "AGENT_AMBIGUOUS", "AGENT_USER_DISABLED", "USERNAME_CONFLICT"],
});
