import { z } from "zod";
import { defineTool } from "../define-node.ts";
import { toolHandle } from "../handles.ts";

/** Says who the agent is, where it is and what it may do. */
export const whoami = defineTool({
  type: "whoami",
  version: 1,
  kind: "tool",
  palette: {
    label: "Who Am I",
    group: "Identity",
    icon: "fingerprint",
    description: "Tells the agent who it is and what it may do.",
  },
  tool: {
    description:
      "Tells you who you are: your username, your email address, your workflow, your tools and whose codes you may read.",
    repeatable: true,
    hosted: true,
    mcp: { effect: "reads" },
  },
  ports: {
    inputs: [],
    outputs: [{ name: "identity", type: "string", description: "JSON about the agent itself." }],
  },
  handles: [toolHandle],
  config: z.object({}),
  input: z.object({}),
  output: z.object({
    success: z.literal(true),
    username: z.string(),
    email: z.string().nullable().describe("Where you get mail; null where this server takes none."),
    purpose: z.string(),
    host: z.string(),
    workflow: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
    agent_node_id: z.string(),
    tools: z.array(z.string()).describe("Component types wired to this agent."),
    scopes: z.array(z.string()),
    may_read_codes_of: z.array(z.string()).describe("Usernames granted to this agent, besides its own."),
    created_at: z.string(),
  }),
  errors: ["AGENT_NOT_CONNECTED", "AGENT_AMBIGUOUS", "AGENT_USER_NOT_FOUND", "AGENT_USER_DISABLED"],
});
