import type { ChainedEvent } from "../audit/chain-line.ts";
import { chainLine } from "../audit/chain-line.ts";

export interface SyslogOrigin {
  readonly host: string;
  readonly process: string;
}

/** Facility 13 is "log audit" (RFC 5424 section 6.2.1). */
const facility = 13;
const severities = { refused: 4, ok: 6 } as const;
/** An example number (RFC 5612): Totem has no enterprise number, and a name without one is reserved. */
const structuredId = "totem@32473";
const nil = "-";

/** One event as a message of RFC 5424. The whole event is its text, as JSON; what is searched most is also structured data. */
export function syslogMessage(event: ChainedEvent, { host, process }: SyslogOrigin): Buffer {
  const { row } = event;
  const severity = row.result === "refused" ? severities.refused : severities.ok;
  const header = [
    `<${facility * 8 + severity}>1`,
    timestamp(row.at),
    word(host, 255),
    "totem",
    word(process, 128),
    word(row.action, 32),
  ].join(" ");
  return Buffer.from(`${header} ${structuredData(event)} \ufeff${chainLine(event)}`, "utf8");
}

/** RFC 6587 section 3.4.1 and RFC 5425: the length in bytes says where a message ends, whatever is in it. */
export const withLength = (message: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${message.byteLength} `, "latin1"), message]);

function structuredData({ sequence, hash, row }: ChainedEvent): string {
  const parameters = Object.entries({
    sequence: String(sequence),
    hash,
    workspace: row.workspace_id,
    actor: row.actor_name ?? row.actor_id,
    actor_kind: row.actor_kind,
    subject: row.subject_id,
    result: row.result,
    ip: row.ip,
  });
  const written = parameters.flatMap(([name, value]) =>
    value === null ? [] : [`${name}="${parameterValue(value)}"`],
  );
  return `[${structuredId} ${written.join(" ")}]`;
}

/** RFC 5424 section 6.3.3. Signs that a terminal or a line reader obeys have no place in a value; the JSON has them escaped. */
const parameterValue = (value: string): string =>
  value.replace(/\p{C}|\u2028|\u2029/gu, "\ufffd").replace(/["\\\]]/g, "\\$&");

/** Printable ASCII without spaces, as the header wants it. */
const word = (text: string, longest: number): string =>
  text.replace(/[^\x21-\x7e]/g, "?").slice(0, longest) || nil;

const timestamp = (at: string): string => (/^\d{4}-\d\d-\d\dT[\d:.]{8,15}Z$/.test(at) ? at : nil);
