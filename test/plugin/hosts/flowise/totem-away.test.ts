import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import "../../../support/host-folders.ts";
import { callTotem, readServer } from "../../../../plugin/hosts/flowise/call-totem.ts";

const key = "totem_key_of_this_test";

/** Something at the address that is not Totem. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = (totemUrl: string, longestMs = 10_000, stop?: AbortSignal) =>
  callTotem(
    readServer({ totemUrl, totemKey: key }),
    { host: "flowise", host_instance: "org", tool: "whoami" },
    { longestMs, stop },
  );

describe("when Totem does not answer as it should", () => {
  it("says that it could not be reached, and where", async () => {
    // No system gives out a port as low as this one, and nothing listens at it.
    await expect(call("http://user:hidden@127.0.0.1:9")).rejects.toThrow(
      /^Totem could not be reached at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\)\.$/,
    );
  });

  it("gives up after its own time, and never waits for ever", async () => {
    const silent = await listen(() => {});
    await expect(call(silent, 50)).rejects.toThrow("Totem did not answer within 0.05 seconds.");
    const halfway = await listen((_request, response) => void response.write('{"success":'));
    await expect(call(halfway, 200)).rejects.toThrow("did not answer within");
  });

  it("ends the call when Flowise ends the run", async () => {
    const stop = new AbortController();
    const silent = await listen(() => stop.abort());
    await expect(call(silent, 10_000, stop.signal)).rejects.toThrow("Aborted");
  });

  it.each([
    ["a page", 200, "text/html", "<html>Hello</html>"],
    ["a proxy's error", 502, "text/plain", "Bad gateway"],
    ["another service", 404, "application/json", '{"error":"no such thing"}'],
  ])("does not take %s for an answer", async (_what, status, type, body) => {
    const url = await listen((_request, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
    await expect(call(url)).rejects.toThrow(`Totem gave status ${status} and not its own answer.`);
  });

  it("takes no answer without end", async () => {
    const endless = await listen((_request, response) => void response.end("x".repeat(1_100_000)));
    await expect(call(endless)).rejects.toThrow("Totem could not be reached");
  });

  it("sends the key to the address that a person gave, and does not follow a redirect", async () => {
    const keys: (string | undefined)[] = [];
    const other = await listen((request, response) => {
      keys.push(request.headers.authorization);
      response.end("{}");
    });
    const first = await listen((request, response) => {
      expect(request.url).toMatch(/^\/behind\/a\/proxy\/api\/v1\/host-(calls|key-pairs)$/);
      response.writeHead(307, { location: other }).end();
    });
    await expect(call(`${first}/behind/a/proxy`)).rejects.toThrow("Totem gave status 307");
    expect(keys).toEqual([]);
  });

  it("calls one server only where the operator of Flowise has named it", () => {
    const read = (totemUrl: string, only: string) => readServer({ totemUrl, totemKey: key }, only).url.href;
    expect(read("https://totem.test/", "https://totem.test")).toBe("https://totem.test/");
    for (const other of ["https://other.test", "http://totem.test", "https://totem.test:444"])
      expect(() => read(other, "https://totem.test")).toThrow("may call one Totem only");
    expect(() => read("https://totem.test", "no address")).toThrow("may call one Totem only");
  });

  it("repeats Totem's own words when it cannot serve", async () => {
    const url = await listen((_request, response) => {
      response
        .writeHead(503, { "content-type": "application/problem+json" })
        .end('{"code":"DATABASE_UNAVAILABLE","title":"The database is away.","retryable":true}');
    });
    await expect(call(url)).rejects.toThrow("Totem: The database is away.");
  });
});
