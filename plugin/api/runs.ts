import { z } from "zod";
import { plainText } from "../plain-text.ts";

export const runStatus = z.enum(["queued", "running", "waiting", "succeeded", "failed", "cancelled"]);
export type RunStatusName = z.infer<typeof runStatus>;

export const startRunBody = z.object({ input: plainText(20_000).optional() }).default({});
export const startedRun = z.object({ id: z.uuid(), status: runStatus });

/** The types of a run's events. Codes and keys are masked in every field of an event. */
export const runEventType = z.enum([
  "run.queued",
  "run.started",
  "run.resumed",
  "run.succeeded",
  "run.failed",
  "run.cancelled",
  "node.started",
  "node.finished",
  "node.failed",
  "model.answered",
  "tool.started",
  "tool.waiting",
  "tool.message_arrived",
  "tool.finished",
]);

/**
 * The data of each event:
 * - run.queued `{input}` · run.started `{}` · run.resumed `{attempt}` · run.succeeded `{output}` · run.failed `{code, message}` · run.cancelled `{}`
 * - node.started `{input?}` · node.finished `{output}` · node.failed `{code, message}` (triggers, agents and models)
 * - model.answered `{agent_node_id, text, tool_calls: [{call_id, tool, node_id, arguments}], scripted}` (node_id: the model)
 * - tool.waiting `{call_id, tool, agent_node_id, until, reason: "fresh_code"}` (until: ISO time; the tool goes on by itself)
 *   or `{…, reason: "delivered_code", wait_id}` or `{…, reason: "approval", approval_id, waits_for}` (until: when it gives up)
 * - tool.message_arrived `{call_id, agent_node_id, wait_id, sender_host, kind: "code" | "link" | "ambiguous"}` (node_id: the tool)
 * - tool.started `{call_id, tool, agent_node_id, arguments}` · tool.finished `{call_id, tool, agent_node_id, ok, result}` (node_id: the tool)
 */
export const runEvent = z.object({
  seq: z.int(),
  type: runEventType,
  node_id: z.string().nullable(),
  at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type RunEvent = z.infer<typeof runEvent>;

export const runBody = z.object({
  id: z.uuid(),
  workflow_slug: z.string(),
  workflow_version: z.int(),
  status: runStatus,
  input: z.string(),
  output: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  started_by: z
    .object({
      kind: z.string(),
      name: z.string(),
      role: z.string().nullable().describe("Of a person: the roles of that time."),
    })
    .describe("Who started it."),
});
export const runWithEvents = runBody.extend({ events: z.array(runEvent) });
export const runList = z.object({ runs: z.array(runBody) });
export type RunBody = z.infer<typeof runBody>;
export type RunWithEvents = z.infer<typeof runWithEvents>;

/** What came for a run that waits. */
export interface RunArrival {
  readonly runId: string;
  readonly waitId: string;
  readonly nodeId: string;
  readonly callId: string;
  readonly agentNodeId: string;
  readonly senderHost: string;
  readonly kind: "code" | "link" | "ambiguous";
}
