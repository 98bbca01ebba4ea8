import type { WaysOut } from "./audit-streams/stream-target.ts";
import type { Egress } from "./egress/egress.ts";

/** How streams of the audit log leave: each address is judged, and only an operator sets one. */
export function streamWays(egress: Egress): WaysOut {
  const purpose = "log";
  const fetchForLog = egress.fetchFor(purpose);
  return {
    post: async ({ url, headers, body, signal }) => {
      const answer = await fetchForLog(url, { method: "POST", headers, body, signal, redirect: "manual" });
      return { status: answer.status, text: await answer.text() };
    },
    connect: (request) => egress.connect({ purpose, ...request }),
    sendDatagrams: (request) => egress.sendDatagrams({ purpose, ...request }),
  };
}
