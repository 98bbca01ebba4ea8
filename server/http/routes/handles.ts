import { z } from "zod";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Handles } from "../../handles/handles.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface HandleRouteParts {
  readonly handles: Handles;
}

/** For programs of an agent's own, such as the one that drives its browser: the model only passes the handle on. */
export function handleRoutes(app: App, { handles }: HandleRouteParts): void {
  app.post(
    "/api/v1/handles/redeem",
    {
      config: { access: { may: ["codes:read"], agent: "key" } },
      schema: {
        tags: ["vault"],
        summary: "Turn a handle into what it stands for, once",
        body: z.strictObject({ handle: z.string().max(100) }),
        response: { 200: z.object({ kind: z.enum(["code", "key", "password"]), value: z.string() }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      if (caller.kind !== "agent_user") throw new PluginError("HANDLE_REFUSED");
      return handles.redeem(caller, request.body.handle);
    },
  );
}
