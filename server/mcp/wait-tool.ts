import { z } from "zod";
import { inboxAddress } from "../../plugin/api/inbox.ts";
import { plainText } from "../../plugin/plain-text.ts";
import { hasScope } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { defineMcpTool, type McpTool, spends } from "./mcp-tool.ts";

/** A call holds a connection open, and hosts give up on it. A run on the canvas waits longer. */
const longestWait = 120;

/** Waiting for a code that a service sends, for agents that live in another host's program. */
export const waitTool = (inbox: Pick<Inbox, "waitForCode">, clock: Pick<Clock, "now">): McpTool =>
  defineMcpTool({
    name: "wait_for_code",
    title: "Wait for a code",
    description:
      "Waits for the one-time code or sign-in link that a service sends by email or SMS, and returns it once. Ask the service to send it first. CODE_NOT_RECEIVED: none came. CODE_AMBIGUOUS: it is not sure which one is meant; have a new one sent, and do not guess.",
    mayUse: (caller) => hasScope(caller, "codes:read") || hasScope(caller, "mail:read"),
    input: z.object({
      address: inboxAddress.optional().describe("Where it was sent to. Leave out for your own address."),
      sender: plainText(320)
        .trim()
        .min(1)
        .optional()
        .describe("The host or address that sends it, if known."),
      service: plainText(200).trim().min(1).optional().describe("The name of the service, if known."),
      type: z.enum(["code", "link", "any"]).default("any"),
      look_back_seconds: z
        .int()
        .min(0)
        .max(600)
        .default(60)
        .describe("How old a message may be that was there before the wait began."),
      timeout_seconds: z.int().min(1).max(longestWait).default(60),
    }),
    output: z.object({
      success: z.literal(true),
      kind: z.enum(["code", "link"]),
      code: z.string().nullable(),
      link: z.string().nullable().describe("Not opened by the server."),
      sender_host: z.string().describe("Empty where a person gave the code."),
      received_at: z.iso.datetime(),
      expires_in: z.int().min(0).describe("Seconds."),
    }),
    // A code is handed out once.
    hints: spends,
    run: async ({ address, sender, service, type, ...input }, { caller, signal, reportProgress }) => {
      const { look_back_seconds: lookBackSeconds, timeout_seconds: timeoutSeconds } = input;
      const stopReporting = reportProgress(new Date(clock.now().getTime() + timeoutSeconds * 1000));
      const request = {
        caller,
        address,
        sender,
        service,
        type,
        lookBackSeconds,
        timeoutSeconds,
      };
      const answer = await inbox.waitForCode(request, { signal }).finally(stopReporting);
      const { kind, value, serverTime } = answer;
      return {
        success: true as const,
        kind,
        code: kind === "code" ? value : null,
        link: kind === "link" ? value : null,
        sender_host: answer.senderHost,
        received_at: answer.receivedAt,
        expires_in: Math.max(0, Math.floor((Date.parse(answer.expiresAt) - serverTime.getTime()) / 1000)),
      };
    },
  });
