import { createHmac } from "node:crypto";
import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { chainLine } from "../../../server/audit/chain-line.ts";
import { fileTarget } from "../../../server/audit-streams/file-target.ts";
import { otlpTarget } from "../../../server/audit-streams/otlp-target.ts";
import { readStream } from "../../../server/audit-streams/stream-settings.ts";
import { syslogTarget } from "../../../server/audit-streams/syslog-target.ts";
import { webhookTarget } from "../../../server/audit-streams/webhook-target.ts";
import { chainedEvents } from "../../support/chained-events.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { localhostCertificate } from "../../support/localhost-certificate.ts";
import {
  startDatagramReceiver,
  startHttpReceiver,
  startSyslogReceiver,
} from "../../support/stream-receivers.ts";
import { waysTo } from "../../support/stream-ways.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const never = new AbortController().signal;
const batch = chainedEvents({}, { actor_name: "Grace é" }, { result: "refused" });
const linesOf = (path: string) => readFileSync(path, "utf8").split("\n");

describe("a stream to a file", () => {
  const newFile = () => join(temporaryFolder(), "audit log.jsonl");
  const targetOf = (path: string) => fileTarget(readStream(pathToFileURL(path).href));

  it("appends a line a row, in a file of mode 0640 whatever the umask is", async () => {
    const path = newFile();
    const umask = process.umask(0o077);
    try {
      await targetOf(path).deliver(batch, never);
      await targetOf(path).deliver(chainedEvents({ action: "second" }), never);
    } finally {
      process.umask(umask);
    }
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(linesOf(path)).toEqual([...batch.map(chainLine), expect.stringContaining("second"), ""]);
  });

  it("goes on in a new file when the old one was moved away", async () => {
    const path = newFile();
    const target = targetOf(path);
    await target.deliver(chainedEvents({ action: "before" }), never);
    renameSync(path, `${path}.1`);
    await target.deliver(chainedEvents({ action: "after" }), never);
    expect(linesOf(`${path}.1`)).toEqual([expect.stringContaining("before"), ""]);
    expect(linesOf(path)).toEqual([expect.stringContaining("after"), ""]);
  });

  it("leaves half a line alone that a killed process or a full disk left", async () => {
    const path = newFile();
    writeFileSync(path, `${chainLine(batch[0])}\n`);
    appendFileSync(path, chainLine(batch[0]).slice(0, 40));
    await targetOf(path).deliver(batch, never);
    expect(linesOf(path).slice(2)).toEqual([...batch.map(chainLine), ""]);
  });

  it("says why it cannot be written", async () => {
    const path = join(temporaryFolder(), "absent", "log.jsonl");
    await expect(targetOf(path).deliver(batch, never)).rejects.toThrow(/cannot be written \(ENOENT\)/);
  });
});

describe("a stream to a webhook", () => {
  const secret = "s3cr3t%2Fof the hook/=";
  const targetAt = (host: string) => {
    const address = `http://:${encodeURIComponent(secret)}@${host}/hook?x=1#siem`;
    return webhookTarget(readStream(address), waysTo(address), fixedClock());
  };

  it("is signed over its time and its body, and holds the rows in order", async () => {
    const receiver = await startHttpReceiver();
    await targetAt(receiver.host).deliver(batch, never);
    const [request] = receiver.requests;
    const time = request?.headers["x-totem-timestamp"];
    expect(time).toBe("1767225600");
    expect(request?.headers["x-totem-signature"]).toBe(
      `v1=${createHmac("sha256", secret).update(`${time}.${request?.body}`).digest("hex")}`,
    );
    expect(request?.path).toBe("/hook?x=1");
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      workspace_id: batch[0].row.workspace_id,
      first_sequence: 1,
      last_sequence: 3,
      events: batch.map((event) => JSON.parse(chainLine(event))),
    });
  });

  it.each([199 + 101, 400, 404, 429, 500])("is not delivered where the answer is %i", async (status) => {
    const receiver = await startHttpReceiver(() => status);
    await expect(targetAt(receiver.host).deliver(batch, never)).rejects.toThrow(`status ${status}`);
  });
});

describe("a stream to a collector", () => {
  const targetAt = (address: string) => otlpTarget(readStream(address), waysTo(address), "1");

  it("goes to its address for logs with the token, and any other path stays", async () => {
    const receiver = await startHttpReceiver(() => 200);
    for (const path of ["", "/", "/custom/logs"])
      await targetAt(`otlp+http://:t0ken@${receiver.host}${path}`).deliver(batch, never);
    expect(receiver.requests.map(({ path }) => path)).toEqual(["/v1/logs", "/v1/logs", "/custom/logs"]);
    expect(receiver.requests[0]?.headers.authorization).toBe("Bearer t0ken");
    expect(JSON.parse(receiver.requests[0]?.body ?? "").resourceLogs[0].scopeLogs[0].logRecords).toHaveLength(
      3,
    );
  });

  it.each([
    [[503, ""], /status 503/],
    [[200, '{"partialSuccess":{"rejectedLogRecords":"2"}}'], /rejects 2 rows/],
  ] as const)("is not delivered where the answer is %j", async (answer, words) => {
    const receiver = await startHttpReceiver(() => answer);
    const target = targetAt(`otlp+http://${receiver.host}`);
    await expect(target.deliver(batch, never)).rejects.toThrow(words);
  });
});

/** Until the end of the test, as NODE_EXTRA_CA_CERTS does for a process. */
function trustLocalhost(): void {
  const usual = getCACertificates("default");
  setDefaultCACertificates([...usual, localhostCertificate]);
  onTestFinished(() => setDefaultCACertificates(usual));
}

describe("a stream to syslog", () => {
  const origin = { host: "h", process: "1" };
  const targetAt = (address: string) => syslogTarget(readStream(address), waysTo(address), origin);
  const expected = batch.map(({ hash }) => expect.stringContaining(hash));

  it.each([
    ["TCP", "syslog+tcp", false],
    ["TLS", "syslog+tls", true],
  ])(
    "over %s frames every message with its length, and waits until the server has read them",
    async (_name, scheme, tls) => {
      if (tls) trustLocalhost();
      const receiver = await startSyslogReceiver({ tls });
      await targetAt(`${scheme}://localhost:${receiver.port}`).deliver(batch, never);
      expect(receiver.messages).toEqual(expected);
    },
  );

  it("over UDP sends a datagram a message", async () => {
    const receiver = await startDatagramReceiver();
    await targetAt(`syslog+udp://127.0.0.1:${receiver.port}`).deliver(batch, never);
    await receiver.until(() => receiver.messages.length === 3);
    expect(receiver.messages).toEqual(expected);
  });

  it("over TLS is not delivered to a server that cannot prove its name", async () => {
    const receiver = await startSyslogReceiver({ tls: true });
    const target = targetAt(`syslog+tls://localhost:${receiver.port}`);
    await expect(target.deliver(batch, never)).rejects.toThrow();
    expect(receiver.messages).toEqual([]);
  });

  it("is not delivered where the server ends before it has read all", async () => {
    const receiver = await startSyslogReceiver({ resets: true });
    const target = targetAt(`syslog+tcp://127.0.0.1:${receiver.port}`);
    await expect(target.deliver(batch, never)).rejects.toThrow(/did not take all/);
  });
});

describe("the name of a stream", () => {
  it("hides what may hold a token, and stays with its cursor when the address or the secret changes", () => {
    const unnamed = readStream("https://:secret-of-the-hook@hooks.example/t0ken");
    expect(unnamed.name).toBe("webhook hooks.example");
    expect(JSON.stringify({ ...unnamed, url: String(unnamed.url) })).not.toContain("secret-of-the-hook");
    expect(readStream("https://:another-secret-of-it@hooks.example/t0ken").id).toBe(unnamed.id);
    expect(readStream("https://:secret-of-the-hook@hooks.example/other").id).not.toBe(unnamed.id);
    const named = readStream("https://:secret-of-the-hook@hooks.example/t0ken#siem");
    expect(named.name).toBe("siem");
    expect(readStream("otlp+https://collector.example#siem").id).toBe(named.id);
  });
});
