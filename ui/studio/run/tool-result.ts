import type { RunEvent } from "../../../plugin/api/runs.ts";
import { findContract, isTool } from "../../../plugin/catalogue.ts";

/** One failed step of a proof: what failed, at which node, for which agent. */
export interface Failure {
  readonly code: string;
  /** What the server said about it. */
  readonly text: string;
  readonly nodeId?: string | undefined;
  readonly agentId?: string | undefined;
  /** The tool that was asked for, where one was. */
  readonly tool?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A tool's answer that says why it failed. */
export function failureOfResult(
  result: unknown,
  where: Pick<Failure, "nodeId" | "agentId" | "tool">,
): Failure | undefined {
  if (!isRecord(result) || result.success !== false) return undefined;
  const { retry_after_seconds: after } = result;
  return {
    ...where,
    code: text(result.code),
    text: text(result.error),
    ...(typeof after === "number" ? { retryAfterSeconds: after } : {}),
  };
}

/** The failure in this event; undefined if it is not one. `before` are the events before it. */
export function failureOf(event: RunEvent, before: readonly RunEvent[]): Failure | undefined {
  const { data } = event;
  if (event.type === "tool.finished" && data.ok !== true)
    return failureOfResult(data.result, {
      nodeId: event.node_id ?? undefined,
      agentId: text(data.agent_node_id) || undefined,
      tool: text(data.tool),
    });
  if (event.type === "node.failed")
    return { code: text(data.code), text: text(data.message), nodeId: event.node_id ?? undefined };
  if (event.type === "run.failed") {
    const node = before.findLast(({ type }) => type === "node.failed")?.node_id ?? undefined;
    return { code: text(data.code), text: text(data.message), nodeId: node };
  }
  return undefined;
}

/**
 * A tool's result with its fields in the order of the contract. The database stores JSON in an order of its
 * own, and people read "username, totp_code" more easily than fields sorted by length.
 */
export function inContractOrder(tool: string, result: unknown): unknown {
  const contract = findContract(tool);
  if (!contract || !isTool(contract)) return result;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return result;
  const names = Object.keys(contract.output.shape);
  const indexOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => indexOf(a) - indexOf(b)));
}

/** A result in one line: its plain fields, or why it failed. Masked values arrive masked. */
export function summaryOf(result: unknown): string {
  if (result === undefined || result === null) return "";
  if (!isRecord(result)) return typeof result === "string" ? result : JSON.stringify(result);
  if (result.success === false && typeof result.error === "string") return result.error;
  return Object.entries(result)
    .filter(
      ([name, value]) => name !== "success" && value !== "" && !isRecord(value) && !Array.isArray(value),
    )
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(" · ");
}
