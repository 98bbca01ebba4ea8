import { describe, expect, it } from "vitest";
import { chainLine, readChainLine } from "../../../server/audit/chain-line.ts";
import { logsOf } from "../../../server/audit-streams/otlp-target.ts";
import { syslogMessage, withLength } from "../../../server/audit-streams/syslog-message.ts";
import { chainedEvents } from "../../support/chained-events.ts";

const origin = { host: "totem.example", process: "42" };

/** What ends a line, moves a cursor, ends structured data, or reads differently than it is written. */
const hostile = [
  "a\r\nb",
  "a\n<110>1 - - - - - - forged",
  "\u001b[2J\u001b]0;title\u0007",
  "\u009b31m",
  'quote" back\\slash ] [x@1 y="z"]',
  "\u0000\u007f\u0085\u2028\u2029",
  "\u202etxt.exe\u200f",
  "𝕏 é ß \ud800",
  " ",
];

describe("the text of a streamed row", () => {
  it.each(hostile)("G9: stays one line of printable characters: %j", (text) => {
    const [event] = chainedEvents({ actor_name: text, subject_id: text, reason: text, action: text });
    const line = chainLine(event);
    // The signs that no line, terminal or screen obeys.
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line)).toMatchObject({ actor_name: text, reason: text });
    expect(readChainLine(line)).toMatchObject({ isWhole: true, sequence: 1 });
  });

  it.each(hostile)("G9: is one syslog message with one structured element: %j", (text) => {
    const [event] = chainedEvents({ actor_name: text, subject_id: text, ip: text, action: text, at: text });
    const message = syslogMessage(event, { host: text, process: text }).toString("utf8");
    expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    const { header, data, rest } = parseSyslog(message);
    expect(header).toHaveLength(6);
    for (const word of header) expect(word).toMatch(/^[\x21-\x7e]+$/);
    expect(Object.keys(data)).toEqual([
      "sequence",
      "hash",
      "workspace",
      "actor",
      "actor_kind",
      "subject",
      "result",
      "ip",
    ]);
    expect(data.actor).toBe(text.replace(/\p{C}|\u2028|\u2029/gu, "\ufffd"));
    expect(JSON.parse(rest.replace("\ufeff", ""))).toMatchObject({ actor_name: text });
  });
});

describe("a syslog message", () => {
  it("is of RFC 5424: facility 13, a severity by the result, and its time to the microsecond", () => {
    const [done, refused] = chainedEvents({}, { result: "refused" });
    const words = (event = done) => parseSyslog(syslogMessage(event, origin).toString("utf8"));
    expect(words().header).toEqual([
      "<110>1",
      "2026-01-01T00:00:00.123456Z",
      "totem.example",
      "totem",
      "42",
      "vault.code_read",
    ]);
    expect(words(refused).header[0]).toBe("<108>1");
    expect(words().data).toMatchObject({ sequence: "1", hash: done.hash, actor: "Ada", ip: "10.0.0.1" });
    expect(JSON.parse(words().rest.slice(1))).toMatchObject({ sequence: 1, hash: done.hash });
  });

  it("says its length in bytes, not in characters", () => {
    const framed = withLength(Buffer.from("é𝕏"));
    expect(framed.toString("utf8")).toBe("6 é𝕏");
  });
});

describe("a record of OTLP", () => {
  it("has the time in nanoseconds, a severity, a name, and the whole row as its body", () => {
    const events = chainedEvents({}, { result: "refused", actor_name: null });
    const [resource] = logsOf(events, "1.2.3").resourceLogs;
    expect(resource?.resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "totem" },
    });
    const records = resource?.scopeLogs[0]?.logRecords ?? [];
    expect(records[0]).toMatchObject({
      timeUnixNano: "1767225600123456000",
      severityNumber: 9,
      severityText: "INFO",
      eventName: "totem.vault.code_read",
      body: { stringValue: chainLine(events[0]) },
    });
    expect(records[1]).toMatchObject({ severityNumber: 13, severityText: "WARN" });
    expect(records[0]?.attributes).toContainEqual({ key: "totem.sequence", value: { intValue: "1" } });
    expect(records[1]?.attributes.map(({ key }) => key)).not.toContain("totem.actor.name");
  });
});

/** A reader that knows RFC 5424 and nothing of Totem: six words, one element, the rest. */
function parseSyslog(message: string) {
  const header = message.split(" ", 6);
  let at = header.join(" ").length + 1;
  const [, id = ""] = /^\[(\S+) /.exec(message.slice(at)) ?? [];
  expect(id).toBe("totem@32473");
  at += id.length + 1;
  const data: Record<string, string> = {};
  const parameter = /^ ([^\s="\]]+)="((?:[^"\\\]]|\\["\\\]])*)"/;
  for (;;) {
    const [all, name, value] = parameter.exec(message.slice(at)) ?? [];
    if (all === undefined || name === undefined || value === undefined) break;
    data[name] = value.replace(/\\(["\\\]])/g, "$1");
    at += all.length;
  }
  expect(message.slice(at, at + 2)).toBe("] ");
  return { header, data, rest: message.slice(at + 2) };
}
