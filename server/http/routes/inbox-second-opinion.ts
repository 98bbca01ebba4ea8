import { secondOpinion, secondOpinionBody } from "../../../plugin/api/inbox-sources.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { InboxRouteParts } from "./inbox-messages.ts";

const administer: Access = { may: ["admin"] };
const tags = ["inbox"];

export function inboxSecondOpinionRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.get(
    "/api/v1/inbox/second-opinion",
    {
      config: { access: administer },
      schema: {
        tags,
        summary: "The model that is asked about messages without a clear code",
        response: { 200: secondOpinion },
      },
    },
    async (request) => ({ model: await inbox.findSecondOpinion(callerOf(request).workspaceId) }),
  );

  app.put(
    "/api/v1/inbox/second-opinion",
    {
      config: { access: administer },
      schema: {
        tags,
        summary: "Choose that model, or null for none",
        description:
          "Off unless chosen: messages leave this server for the model's provider. What it says counts only where it stands in the message.",
        body: secondOpinionBody,
        response: { 200: secondOpinion },
      },
    },
    async (request) => {
      await inbox.setSecondOpinion(callerOf(request), request.body.model);
      return request.body;
    },
  );
}
