import type { ChainedEvent } from "../audit/chain-line.ts";
import { chainLine } from "../audit/chain-line.ts";
import type { StreamSetting } from "./stream-settings.ts";
import { StreamProblem, type StreamTarget, type WaysOut } from "./stream-target.ts";

/** Severities of the data model of logs: INFO and WARN. */
const severities = { ok: [9, "INFO"], refused: [13, "WARN"] } as const;

/** OTLP over HTTP with JSON, to the collector's address for logs. */
export const otlpTarget = (
  { url, origin, secret }: StreamSetting,
  { post }: Pick<WaysOut, "post">,
  version: string,
): StreamTarget => {
  const token = secret();
  const path = /^\/?$/.test(url.pathname) ? "/v1/logs" : url.pathname;
  const target = `${origin}${path}${url.search}`;
  return {
    deliver: async (batch, signal) => {
      const { status, text } = await post({
        url: target,
        headers: {
          "content-type": "application/json",
          ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(logsOf(batch, version)),
        signal,
      });
      if (status < 200 || status > 299)
        throw new StreamProblem(`The collector answers with status ${status}.`);
      const rejected = rejectedOf(text);
      if (rejected > 0) throw new StreamProblem(`The collector rejects ${rejected} rows of a batch.`);
    },
  };
};

export const logsOf = (events: readonly ChainedEvent[], version: string) => ({
  resourceLogs: [
    {
      resource: { attributes: attributes({ "service.name": "totem", "service.version": version }) },
      scopeLogs: [{ scope: { name: "totem.audit", version }, logRecords: events.map(recordOf) }],
    },
  ],
});

function recordOf(event: ChainedEvent) {
  const { sequence, hash, row } = event;
  const [severityNumber, severityText] = severities[row.result === "refused" ? "refused" : "ok"];
  const time = nanoseconds(row.at);
  return {
    ...(time === undefined ? {} : { timeUnixNano: time, observedTimeUnixNano: time }),
    severityNumber,
    severityText,
    eventName: `totem.${row.action}`,
    body: { stringValue: chainLine(event) },
    attributes: attributes({
      "totem.sequence": sequence,
      "totem.hash": hash,
      "totem.workspace_id": row.workspace_id,
      "totem.actor.kind": row.actor_kind,
      "totem.actor.id": row.actor_id,
      "totem.actor.name": row.actor_name,
      "totem.action": row.action,
      "totem.subject.kind": row.subject_kind,
      "totem.subject.id": row.subject_id,
      "totem.result": row.result,
      "client.address": row.ip,
    }),
  };
}

/** 64-bit numbers are text in the JSON of OTLP. */
const attributes = (values: Readonly<Record<string, string | number | null>>) =>
  Object.entries(values).flatMap(([key, value]) =>
    value === null
      ? []
      : [{ key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value } }],
  );

function nanoseconds(at: string): string | undefined {
  const [, whole, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(at) ?? [];
  if (whole === undefined) return undefined;
  return `${BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"))}`;
}

/** A collector may take a batch and reject some of it. The answer is often empty. */
function rejectedOf(text: string): number {
  try {
    const answer = JSON.parse(text) as { partialSuccess?: { rejectedLogRecords?: unknown } } | null;
    return Number(answer?.partialSuccess?.rejectedLogRecords ?? 0) || 0;
  } catch {
    return 0;
  }
}
