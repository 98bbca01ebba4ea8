import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { fileTarget } from "./file-target.ts";
import { listStreams } from "./list-streams.ts";
import { otlpTarget } from "./otlp-target.ts";
import { type SenderParts, StreamSender, type StreamTimes, streamTimes } from "./stream-sender.ts";
import type { StreamSetting } from "./stream-settings.ts";
import type { StreamTarget, WaysOut } from "./stream-target.ts";
import { syslogTarget } from "./syslog-target.ts";
import { webhookTarget } from "./webhook-target.ts";

export interface AuditStreamParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly settings: readonly StreamSetting[];
  readonly ways: WaysOut;
  readonly version: string;
  readonly log: SenderParts["log"];
  readonly times?: StreamTimes | undefined;
}

/**
 * The audit log, sent to other systems as it is sealed: at least once, and each workspace in order. Writers never wait for
 * it. Of several processes on one database one sends, and another takes over when that one is gone.
 */
export function createAuditStreams(parts: AuditStreamParts) {
  const { db, settings, log, times = streamTimes } = parts;
  const holderId = randomUUID();
  const senders = settings.map(
    (setting) =>
      new StreamSender({ db, setting, target: targetOf(setting, parts), holder: holderId, times, log }),
  );
  return {
    start: (): void => {
      for (const sender of senders) sender.start();
    },
    stop: async (): Promise<void> => {
      await Promise.all(senders.map((sender) => sender.stop()));
    },
    list: (workspaceId: string) => listStreams({ db, settings }, workspaceId),
  };
}

export type AuditStreams = ReturnType<typeof createAuditStreams>;

function targetOf(setting: StreamSetting, { ways, clock, version }: AuditStreamParts): StreamTarget {
  switch (setting.kind) {
    case "file":
      return fileTarget(setting);
    case "syslog":
      return syslogTarget(setting, ways, { host: hostname(), process: String(process.pid) });
    case "webhook":
      return webhookTarget(setting, ways, clock);
    case "otlp":
      return otlpTarget(setting, ways, version);
  }
}
