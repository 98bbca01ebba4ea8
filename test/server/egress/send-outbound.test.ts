import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OutboundContent } from "../../../server/egress/send-outbound.ts";
import { kindOfAddress } from "../../../server/egress/special-addresses.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { testEgress } from "../../support/test-egress.ts";

/** A server of somebody else's, and everything it was sent. */
const received: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
const answers: Record<string, (response: ServerResponse) => void> = {
  "/json": (response) => response.end('{"ok":true}'),
  "/text": (response) => response.end("plain"),
  "/empty": (response) => response.writeHead(204).end(),
  "/error": (response) => response.writeHead(500).end('{"why":"broken"}'),
  "/redirect": (response) => response.writeHead(302, { location: "/json" }).end("moved"),
  "/away": (response) =>
    response.writeHead(307, { location: "http://169.254.169.254/latest/meta-data" }).end(),
  "/large": (response) => response.end("x".repeat(300 * 1024)),
  "/exact": (response) => response.end("x".repeat(256 * 1024)),
  "/silent": () => {},
  "/cut": (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    response.destroy();
  },
};
const stand = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => (body += chunk));
  request.on("end", () => {
    const path = request.url ?? "";
    received.push({ method: request.method ?? "", url: path, headers: request.headers, body });
    (answers[path.replace(/^\/base/, "")] ?? answers["/json"])?.(response);
  });
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => stand.listen(0, resolve));
  port = (stand.address() as AddressInfo).port;
});
afterAll(() => {
  stand.closeAllConnections();
  stand.close();
});
beforeEach(() => {
  received.length = 0;
});

const request = (
  allowed: string[],
  url: string,
  { body, headers, ...more }: { method?: string; signal?: AbortSignal } & OutboundContent = {},
) =>
  testEgress({ allowedUrls: allowed }).sendFor("tool")({
    method: "GET",
    signal: new AbortController().signal,
    url,
    content: async () => ({ body, headers: headers ?? {} }),
    ...more,
  });
const here = (path = "", host = "127.0.0.1") => `http://${host}:${port}${path}`;

describe("an address on the allow-list", () => {
  it("is called with the body given, and with no credentials of ours", async () => {
    expect(await request([here()], here("/json"))).toEqual({ status: 200, body: { ok: true } });
    await request([here()], here("/json?q=1"), { method: "POST", body: { a: [1] } });
    expect(received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/json", ""],
      ["POST", "/json?q=1", '{"a":[1]}'],
    ]);
    for (const { headers } of received)
      expect(
        Object.keys(headers).filter(
          (name) => !/^(host|connection|content-(type|length)|accept-encoding)$/.test(name),
        ),
      ).toEqual([]);
  });

  it("may answer JSON, text, nothing or an error", async () => {
    expect(await request([here()], here("/text"))).toEqual({ status: 200, body: "plain" });
    expect(await request([here()], here("/empty"))).toEqual({ status: 204, body: "" });
    expect(await request([here()], here("/error"))).toEqual({ status: 500, body: { why: "broken" } });
  });

  it("is not followed where it redirects to", async () => {
    expect(await request([here()], here("/redirect"))).toEqual({ status: 302, body: "moved" });
    expect(await request([here()], here("/away"))).toMatchObject({ status: 307 });
    expect(received).toHaveLength(2);
  });

  it("is broken off past 256 KiB, when it ends half-way, and when nobody waits any more", async () => {
    expect((await request([here()], here("/exact"))).status).toBe(200);
    expect(await refusalOf(request([here()], here("/large")))).toBe("UPSTREAM_FAILED");
    expect(await refusalOf(request([here()], here("/cut")))).toBe("UPSTREAM_FAILED");
    const abort = new AbortController();
    const waiting = refusalOf(request([here()], here("/silent"), { signal: abort.signal }));
    abort.abort();
    expect(await waiting).toBe("UPSTREAM_FAILED");
    expect(await refusalOf(request([here()], here("/json"), { signal: AbortSignal.abort() }))).toBe(
      "UPSTREAM_FAILED",
    );
  });

  it("tells nothing of the network when it cannot be reached", async () => {
    const error = await request(["http://127.0.0.1:1"], "http://127.0.0.1:1/").catch(
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: "UPSTREAM_FAILED", message: "The other server did not answer." });
  });
});

describe("an address that is not on the list", () => {
  it("is refused before any connection: another host, port, scheme, or no list at all", async () => {
    const refused: [string[], string][] = [
      [[], here("/json")],
      [[here()], `http://127.0.0.2:${port}/json`],
      [[here()], "http://127.0.0.1:1/json"],
      [[here()], `https://127.0.0.1:${port}/json`],
      [["https://api.example.com"], "https://api.example.com.evil.example/"],
      [["https://api.example.com"], "https://evil.example/https://api.example.com"],
      [["https://api.example.com"], "https://example.com/"],
      [[here()], "file:///etc/passwd"],
      [[here()], "not an address"],
      [[here()], ""],
    ];
    for (const [allowed, url] of refused)
      expect(await refusalOf(request(allowed, url)), url).toBe("ADDRESS_REFUSED");
    expect(received).toEqual([]);
  });

  it("is not reached by putting the listed one in front of an @", async () => {
    const allowed = [here()];
    for (const url of [
      `http://127.0.0.1:${port}@evil.example/`,
      `http://user@127.0.0.1:${port}/json`,
      `http://u:p@127.0.0.1:${port}/json`,
      `http://evil.example\\@127.0.0.1:${port}/`,
      `http://evil.example#@127.0.0.1:${port}/`,
    ])
      expect(await refusalOf(request(allowed, url)), url).toBe("ADDRESS_REFUSED");
    expect(received).toEqual([]);
  });

  it("is this machine in whatever way its number is written", async () => {
    for (const host of [
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "0x7f.1",
      "127.1",
      "0",
      "0.0.0.0",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "localhost",
      "LOCALHOST",
      "127.0.0.1.",
      "①②⑦.0.0.1",
    ])
      expect(await refusalOf(request(["https://api.example.com"], `http://${host}:${port}/json`)), host).toBe(
        "ADDRESS_REFUSED",
      );
    expect(received).toEqual([]);
  });

  it("is anything beside the listed path: climbing, look-alikes and encoded separators", async () => {
    const allowed = [here("/base")];
    expect((await request(allowed, here("/base/json"))).status).toBe(200);
    expect((await request(allowed, here("/base"))).status).toBe(200);
    received.length = 0;
    for (const path of [
      "/json",
      "/",
      "/basement/json",
      "/base/../json",
      "/base/%2e%2e/json",
      "/base/..%2fjson",
      "/base/..%2Fjson",
      "/base\\..\\json",
      "/base/..%5cjson",
      "//base/json",
      "/base/.%2e/json",
      "/base/%252e%252e/json",
      "/base/..%25252fjson",
      "/base/..;/json",
    ])
      expect(await refusalOf(request(allowed, here(path))), path).toBe("ADDRESS_REFUSED");
    expect(received).toEqual([]);
  });
});

describe("private addresses", () => {
  it("are reached by a name only if that name is listed as this machine itself", async () => {
    // localhost was listed on purpose; another name that leads to the same place was not.
    expect((await request([here("", "localhost")], here("/json", "localhost"))).status).toBe(200);
    received.length = 0;
    const codes: string[] = [];
    for (const name of [hostname(), "localhost.", "localhost.localdomain", "ip6-localhost"])
      codes.push(await refusalOf(request([here("", name)], here("/json", name))));
    // A machine that does not know one of these names cannot reach it either; its own it knows.
    for (const code of codes) expect(["ADDRESS_REFUSED", "UPSTREAM_FAILED"]).toContain(code);
    expect(received).toEqual([]);
  });

  it.each([
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2001::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
  ])("%s is one", (address) => expect(kindOfAddress(address)).toBeDefined());

  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "100.128.0.0",
    "192.167.255.255",
    "::ffff:8.8.8.8",
    "2606:4700:4700::1111",
    "2a00:1450::1",
  ])("%s is none", (address) => expect(kindOfAddress(address)).toBeUndefined());
});
