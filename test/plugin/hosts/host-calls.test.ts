import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { callOverHttp, type HostCallInput } from "../../../plugin/hosts/host-calls.ts";
import { testHost } from "../../support/host-callers.ts";
import { hostKey } from "../../support/host-calls.ts";
import { findKeyPair, newKeyPair } from "../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const call: HostCallInput = {
  host: testHost.name,
  host_instance: testHost.instance,
  workflow_id: "w1",
  workflow_name: "Sales flow",
  agent_node_id: "a1",
  tool: "create_agent_user",
};

/** Something at an address that is not Totem. */
async function elsewhere(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(answer ?? (() => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a host call over HTTP", () => {
  let server: TestServer;
  let key: string;
  beforeAll(async () => {
    server = await startTestServer();
    key = await hostKey(server, "my builder");
  });
  afterAll(() => server.stop());

  it("answers with the tool's own JSON, also where the tool refuses", async () => {
    const send = callOverHttp({ url: `${server.url}/`, key });
    expect(await send(call)).toMatchObject({ success: true, username: "agent_sales-flow_a1" });
    expect(await send({ ...call, tool: "get_totp_code", agent_node_id: "a2" })).toMatchObject({
      success: false,
      code: "AGENT_USER_NOT_FOUND",
    });
    expect(await send({ ...call, tool: "http_request" })).toMatchObject({ code: "TOOL_UNKNOWN" });
  });

  it("throws where the host itself is refused: key unknown, without the scope, or of another instance", async () => {
    const unknown = callOverHttp({ url: server.url, key: `totem_key_${"A".repeat(43)}` });
    await expect(unknown(call)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    const { body } = await server.api("POST", "/keys", { name: "reader", scopes: ["audit:read"] });
    await expect(callOverHttp({ url: server.url, key: body.key })(call)).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const other = { ...call, host_instance: "another" };
    await expect(callOverHttp({ url: server.url, key })(other)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("H10: signs every call where it has a key pair, says what to compare, and behind a proxy too", async () => {
    const keyPair = newKeyPair();
    const pending: string[] = [];
    const signed = {
      key: await hostKey(server, "signing builder"),
      keyPair,
      onPending: (print: string) => void pending.push(print),
    };
    const own = { ...call, host_instance: "signing" };
    const send = callOverHttp({ ...signed, url: server.url });
    expect(await send(own)).toMatchObject({ success: true });
    expect(pending).toEqual([keyPair.fingerprint]);
    const { id } = await findKeyPair(server, keyPair.fingerprint);
    await server.api("POST", `/host-key-pairs/${id}/confirm`, { fingerprint: keyPair.fingerprint });
    expect(await send(own)).toMatchObject({ success: true });
    expect(pending).toHaveLength(1);

    // A proxy that takes the beginning of the path away.
    const proxy = await elsewhere(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string>;
      const answer = await server.send(
        "POST",
        (request.url ?? "").replace("/totem", ""),
        Buffer.concat(chunks).toString(),
        Object.fromEntries(
          ["authorization", "content-digest", "signature", "signature-input"].map((name) => [
            name,
            headers[name] ?? "",
          ]),
        ),
      );
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    });
    expect(await callOverHttp({ ...signed, url: `${proxy}/totem` })(own)).toMatchObject({ success: true });

    const unsigned = callOverHttp({ url: server.url, key: signed.key });
    await expect(unsigned(own)).rejects.toMatchObject({ code: "SIGNATURE_REFUSED" });
    const moved = callOverHttp({ ...signed, url: server.url, keyPair: newKeyPair() });
    await expect(moved(own)).rejects.toThrow("A person must confirm this machine in Totem, under Hosts.");
  });

  it("reads no answer that has no end", async () => {
    let sent = 0;
    const endless = await elsewhere((_request, reply) => {
      const part = Buffer.alloc(1_000_000, " ");
      const more = (): void => {
        while (!reply.destroyed && sent < 200 && reply.write(part)) sent++;
        if (sent >= 200) reply.end("{}");
      };
      reply.on("drain", () => {
        sent++;
        more();
      });
      more();
    });
    await expect(callOverHttp({ url: endless, key })(call)).rejects.toThrow(/too long to be its own/);
    expect(sent).toBeLessThan(100);
  });

  it("throws a plain error that holds no key where Totem is away, is slow, or is not at that address", async () => {
    const port = new URL(await elsewhere((_request, reply) => reply.end("<p>Hello</p>"))).port;
    const slow = await elsewhere(() => {});
    const away = [
      [callOverHttp({ url: "http://127.0.0.1:9", key }), /cannot be reached/],
      [callOverHttp({ url: `http://127.0.0.1:${port}`, key }), /no answer that is its own \(200\)/],
      [callOverHttp({ url: slow, key, timeoutMs: 50 }), /no answer in time/],
      [
        callOverHttp({ url: server.url, key, fetch: () => Promise.reject(new Error(key)) }),
        /cannot be reached/,
      ],
    ] as const;
    for (const [send, words] of away) {
      const error = await send(call).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "UPSTREAM_FAILED", message: expect.stringMatching(words) });
      expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain(key);
      expect((error as Error).cause).toBeUndefined();
    }
  });

  it("takes its key to no other address", async () => {
    let asked = 0;
    const thief = await elsewhere((_request, reply) => {
      asked++;
      reply.end("{}");
    });
    const moved = await elsewhere((_request, reply) => reply.writeHead(307, { location: thief }).end());
    await expect(callOverHttp({ url: moved, key })(call)).rejects.toMatchObject({ code: "UPSTREAM_FAILED" });
    expect(asked).toBe(0);
    expect(() => callOverHttp({ url: "ftp://totem.example", key })).toThrow(/^url:/);
  });

  it("ends when its host ends it, before and during the call", async () => {
    const slow = callOverHttp({ url: await elsewhere(() => {}), key });
    const ended = AbortSignal.abort();
    await expect(slow(call, { signal: ended })).rejects.toMatchObject({ name: "AbortError" });
    const abort = new AbortController();
    const waiting = slow(call, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});
