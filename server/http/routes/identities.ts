import { z } from "zod";
import { identityList, shownCode } from "../../../plugin/api/identities.ts";
import type { Clock } from "../../clock.ts";
import { type App, callerOf } from "../../request/app.ts";
import { type IdentityParts, listIdentities } from "../list-identities.ts";

export interface IdentityRouteParts extends IdentityParts {
  readonly clock: Clock;
}

export function identityRoutes(app: App, parts: IdentityRouteParts): void {
  const { agentUsers, clock } = parts;

  app.get(
    "/api/v1/workflows/:slug/identities",
    {
      config: { access: { may: ["workflows:read"] } },
      schema: {
        tags: ["agent users"],
        summary: "The identity of each agent on the canvas, and who can read its codes",
        params: z.object({ slug: z.string().min(1).max(200) }),
        response: { 200: identityList },
      },
    },
    async (request) => {
      const now = clock.now();
      const identities = await listIdentities(parts, callerOf(request), { ...request.params, now });
      return { identities, now: now.toISOString() };
    },
  );

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
    (request) => agentUsers.showCode(callerOf(request), request.params.username),
  );
}
