import { reading, readingBody } from "../../../plugin/api/inbox.ts";
import { readMessage } from "../../inbox/reading/read-message.ts";
import type { App } from "../http-server.ts";

/** What would be found in a message, for whoever wants to try one. Nothing is stored, and nobody is handed a code. */
export function inboxReadingRoutes(app: App): void {
  app.post(
    "/api/v1/inbox/readings",
    {
      config: { access: { may: ["mail:read"], agent: "key" } },
      schema: {
        tags: ["inbox"],
        summary: "What is found in a message, and why; stores nothing",
        body: readingBody,
        response: { 200: reading },
      },
    },
    async (request) => readMessage(request.body),
  );
}
