import { z } from "zod";
import { account } from "../../plugin/api/v0.ts";
import { defineMcpTool, reads } from "./mcp-tool.ts";

/** What `/v0/whoami` says: the account of the key, also where there is no workflow. */
export const identityTool = defineMcpTool({
  name: "identity_whoami",
  title: "Whose key this is",
  description: "Tells whose key you use: the account's name, its kind and its scopes.",
  mayUse: () => true,
  input: z.object({}),
  output: account,
  hints: reads,
  run: (_input, { caller }) => caller.describe(),
});
