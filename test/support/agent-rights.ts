import { type GrantableMcpTool, grantableMcpTools } from "../../plugin/api/agent-users.ts";
import { type AgentScope, agentScope } from "../../plugin/api/scopes.ts";
import type { TestServer } from "./start-test-server.ts";

export const everyMcpTool = Object.keys(grantableMcpTools) as GrantableMcpTool[];
const withoutMail = agentScope.options.filter((scope) => !scope.startsWith("mail:"));

/** Gives an agent every right that a person can give it, with these scopes, and by default without mail. */
export async function giveEveryTool(
  server: Pick<TestServer, "api">,
  username: string,
  scopes: readonly AgentScope[] = withoutMail,
): Promise<void> {
  const { status } = await server.api("PATCH", `/agent-users/${username}`, {
    scopes,
    mcp_tools: everyMcpTool,
  });
  if (status !== 200) throw new Error(`The rights of ${username} were not changed: ${status}`);
}
