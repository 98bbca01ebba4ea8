import { z } from "zod";
import { shownCode } from "../../../plugin/api/identities.ts";
import type { AgentUsers } from "../../agent-users/agent-users.ts";
import { callerOf } from "../access.ts";
import type { App } from "../http-server.ts";

export interface IdentityRouteParts {
  readonly agentUsers: AgentUsers;
}

export function identityRoutes(app: App, { agentUsers }: IdentityRouteParts): void {
  app.post(
    "/api/v1/agent-users/:username/code",
    {
      // Not for agents: they have their tool, and it goes by the edges.
      config: { access: { may: ["codes:read"] } },
      schema: {
        tags: ["agent users"],
        summary: "Show an agent user's current code to a person or a program",
        description:
          "The code of this moment. Each answer is in the audit log; the code stays good for one use.",
        params: z.object({ username: z.string().min(1).max(300) }),
        response: { 200: shownCode },
      },
    },
    async (request) => {
      const { workspaceId, actor } = callerOf(request);
      const { username } = request.params;
      const { code, expiresIn, period, now } = await agentUsers.showCode({ workspaceId, username, actor });
      return { username, code, expires_in: expiresIn, period, now: now.toISOString() };
    },
  );
}
