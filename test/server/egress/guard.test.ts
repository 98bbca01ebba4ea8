import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { OpenRequest } from "../../../server/egress/open-request.ts";
import { watchConnections } from "../../support/connection-attempts.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { publicAddress } from "../../support/outbound-table.ts";
import { testEgress } from "../../support/test-egress.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server of this machine and what it was asked. */
async function stand(answers: Readonly<Record<string, Answer>> = {}) {
  const seen: { line: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    const answer = answers[request.url ?? ""];
    if (answer) answer(response, request);
    else response.end("here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, seen };
}

const redirectTo =
  (location: string, status = 302): Answer =>
  (response) =>
    void response.writeHead(status, { location }).end("moved");

const other = await stand();
const here = await stand({
  "/slow": () => {},
  "/begun": (response) => void response.writeHead(200).write("{"),
  "/large": (response) => response.end("x".repeat(2_000)),
  "/to-itself": (response, request) => redirectTo("/landed", 307)(response, request),
  "/to-other": (response, request) => redirectTo(`${other.url}/landed`)(response, request),
  "/to-other-307": (response, request) => redirectTo(`${other.url}/landed`, 307)(response, request),
  "/to-metadata": redirectTo("http://169.254.169.254/latest/meta-data"),
  "/to-name": redirectTo("http://inside.example/"),
  "/to-user": redirectTo("http://user:password@127.0.0.1/"),
  "/to-file": redirectTo("file:///etc/passwd"),
  "/to-nothing": redirectTo("http://["),
  "/around": redirectTo("/around"),
});
const egress = testEgress({
  privateUrls: [here, other].map(({ url }) => ({ purpose: "log" as const, url })),
  resolve: async (name) => [{ address: name === "inside.example" ? "127.0.0.1" : publicAddress, family: 4 }],
});
const { attempts, stop } = watchConnections();
afterAll(stop);
beforeEach(() => {
  attempts.length = here.seen.length = other.seen.length = egress.lines.length = 0;
});

const open = async (path: string, more: Partial<OpenRequest> = {}) => {
  const answer = await egress.open({
    purpose: "log",
    method: "GET",
    url: `${here.url}${path}`,
    milliseconds: 5_000,
    largestAnswer: 1_000,
    ...more,
  });
  return { status: answer.status, text: Buffer.concat(await answer.body.toArray()).toString() };
};

describe("a redirect", () => {
  it("is an answer, where the caller does not ask to follow it", async () => {
    expect(await open("/to-other")).toEqual({ status: 302, text: "moved" });
    expect(other.seen).toEqual([]);
  });

  it("is followed where the caller asks, and carries nothing of one origin to another", async () => {
    const content = () => ({
      headers: { authorization: "Bearer secret", "content-type": "text/plain" },
      body: "secret",
    });
    expect((await open("/to-itself", { method: "POST", content, redirects: 2 })).text).toBe("here");
    expect(here.seen.at(-1)).toMatchObject({ line: "POST /landed", body: "secret" });
    expect((await open("/to-other", { method: "POST", content, redirects: 2 })).text).toBe("here");
    expect(other.seen.map(({ line }) => line)).toEqual(["GET /landed"]);
    expect(JSON.stringify(other.seen)).not.toContain("secret");
    expect(await refusalOf(open("/to-other-307", { method: "POST", content, redirects: 2 }))).toBe(
      "ADDRESS_REFUSED",
    );
    expect(other.seen).toHaveLength(1);
  });

  it("H12: is judged like the address that was asked for", async () => {
    for (const path of ["/to-metadata", "/to-name", "/to-user", "/to-file", "/to-nothing"]) {
      attempts.length = 0;
      expect(await refusalOf(open(path, { redirects: 5 })), path).toBe("ADDRESS_REFUSED");
      expect(new Set(attempts.map(({ address }) => address)).size, path).toBeLessThanOrEqual(1);
      expect(
        attempts.every(({ port }) => `http://127.0.0.1:${port}` === here.url),
        path,
      ).toBe(true);
    }
  });

  it("ends after as many as the caller asked for", async () => {
    expect((await open("/around", { redirects: 3 })).status).toBe(302);
    expect(here.seen).toHaveLength(4);
  });
});

describe("limits", () => {
  it("end an answer that does not come, that does not end, and that is too large", async () => {
    expect(await refusalOf(open("/slow", { milliseconds: 50 }))).toBe("UPSTREAM_FAILED");
    await expect(open("/begun", { milliseconds: 50 })).rejects.toThrow();
    expect(await refusalOf(open("/large"))).toBe("UPSTREAM_FAILED");
    expect((await open("/large", { largestAnswer: 2_000 })).text).toHaveLength(2_000);
  });
});

describe("a further judge, such as of what one agent may call,", () => {
  it("is asked after the list and before anything is put in or sent", async () => {
    const judged: string[] = [];
    let filled = 0;
    const judge: OpenRequest["judge"] = ({ purpose, method, destination }) => {
      judged.push(`${purpose} ${method} ${destination.origin}${destination.path}`);
      throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 5 });
    };
    const content = () => ({ body: String(filled++) });
    expect(await refusalOf(open("/x?secret", { judge, content }))).toBe("RATE_LIMITED");
    expect(await refusalOf(open("", { url: "http://10.0.0.1/", judge, content }))).toBe("ADDRESS_REFUSED");
    expect(judged).toEqual([`log GET ${here.url}/x`]);
    expect([filled, attempts.length]).toEqual([0, 0]);
    expect(egress.lines[0]).toMatchObject({ outbound: { outcome: "refused", code: "RATE_LIMITED" } });
    expect((await open("/x", { judge: () => {} })).text).toBe("here");
  });

  it("is asked for a socket too", async () => {
    const { port } = new URL(here.url);
    const connecting = egress.connect({
      purpose: "log",
      protocol: "http:",
      host: publicAddress,
      port: Number(port),
      judge: () => {
        throw new PluginError("FORBIDDEN");
      },
    });
    expect(await refusalOf(connecting)).toBe("FORBIDDEN");
    expect(attempts).toEqual([]);
  });
});

describe("a body", () => {
  it("may be a stream, and an answer is one", async () => {
    const content = () => ({ body: Readable.from(["one ", "two"]) });
    const answer = await egress.open({
      purpose: "log",
      method: "POST",
      url: here.url,
      content,
      milliseconds: 5_000,
      largestAnswer: 10,
    });
    expect(answer.body).toBeInstanceOf(Readable);
    expect(Buffer.concat(await answer.body.toArray()).toString()).toBe("here");
    expect(here.seen[0]?.body).toBe("one two");
  });
});

describe("the fetch for libraries", () => {
  const fetchLog = egress.fetchFor("log");

  it("sends a form as a form, JSON as it is, and answers what came", async () => {
    const form = await fetchLog(`${here.url}/form`, {
      method: "POST",
      body: new URLSearchParams({ code: "a&b" }),
    });
    expect(await form.text()).toBe("here");
    await fetchLog(new Request(`${here.url}/json`, { method: "PUT", body: "{}", headers: { a: "b" } }));
    expect(here.seen.map(({ line, body }) => [line, body])).toEqual([
      ["POST /form", "code=a%26b"],
      ["PUT /json", "{}"],
    ]);
    expect(here.seen[0]?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(here.seen[1]?.headers.a).toBe("b");
  });

  it("fails as fetch does where there is no answer, and with a code where the address is refused", async () => {
    await expect(fetchLog(`${here.url}/slow`, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
    const slow = egress.fetchFor("log", { milliseconds: 50 });
    await expect(slow(`${here.url}/slow`)).rejects.toThrow(new TypeError("fetch failed"));
    await expect(fetchLog(`${here.url}/to-other`)).rejects.toThrow(new TypeError("fetch failed"));
    expect((await fetchLog(`${here.url}/to-other`, { redirect: "manual" })).status).toBe(302);
    expect(await refusalOf(fetchLog("http://10.0.0.1/"))).toBe("ADDRESS_REFUSED");
  });

  it("H12: goes from a provider's documents to public addresses only, also where another is listed", async () => {
    const get = egress.fetchAtProviderFor("log");
    const options = { method: "GET", headers: {} };
    expect((await get({ home: here.url }, `${here.url}/keys`, options)).status).toBe(200);
    expect(await refusalOf(get({ home: here.url }, `${other.url}/keys`, options))).toBe("ADDRESS_REFUSED");
    expect(await refusalOf(get({ home: here.url }, "https://[fd00::1]/keys", options))).toBe(
      "ADDRESS_REFUSED",
    );
    expect(other.seen).toEqual([]);
    await get({ home: here.url }, "https://keys.example/keys", options).catch(() => {});
    expect(attempts.at(-1)).toEqual({ address: publicAddress, port: 443 });
  });
});

describe("a socket", () => {
  it("H12: is opened to a listed address only, and to the address that was judged", async () => {
    const { port } = new URL(here.url);
    const connect = (host: string, protocol = "http:") =>
      egress.connect({ purpose: "log", protocol, host, port: Number(port) });
    const socket = await connect("127.0.0.1");
    expect(socket.remoteAddress).toBe("127.0.0.1");
    socket.destroy();
    attempts.length = 0;
    for (const host of [
      "127.0.0.2",
      "localhost",
      "2130706434",
      "::1",
      "inside.example",
      "a@127.0.0.1",
      "",
      "a/b",
    ])
      expect(await refusalOf(connect(host)), host).toBe("ADDRESS_REFUSED");
    expect(await refusalOf(connect("127.0.0.1", "syslog:"))).toBe("ADDRESS_REFUSED");
    expect(attempts).toEqual([]);
    expect(await refusalOf(connect("logs.example"))).toBe("UPSTREAM_FAILED");
    expect(attempts.map(({ address }) => address)).toEqual([publicAddress]);
  });
});

describe("a name", () => {
  it("without an address is no server: that is said, and nothing is connected to", async () => {
    const nowhere = testEgress({ resolve: async () => [] });
    const unknown = testEgress({ resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    for (const { open } of [nowhere, unknown]) {
      const asked = open({
        purpose: "model",
        method: "GET",
        url: "https://api.example.com/",
        milliseconds: 5_000,
        largestAnswer: 10,
      });
      expect(await refusalOf(asked)).toBe("UPSTREAM_FAILED");
    }
    expect(attempts).toEqual([]);
  });

  it("H12: that is listed as one inside leads into private networks, and never to this machine or a cloud's metadata", async () => {
    for (const [address, reached] of [
      ["10.0.0.5", true],
      ["192.168.7.7", true],
      ["fd00::5", true],
      ["100.64.0.1", true],
      [publicAddress, true],
      ["127.0.0.1", false],
      ["::1", false],
      ["169.254.169.254", false],
      ["168.63.129.16", false],
      ["fe80::1", false],
      ["0.0.0.0", false],
      ["2002:a00:5::", false],
    ] as const) {
      const { open } = testEgress({
        privateUrls: [{ purpose: "model", url: "http://ollama.internal:11434" }],
        resolve: async () => [{ address, family: address.includes(":") ? 6 : 4 }],
      });
      attempts.length = 0;
      const asked = open({
        purpose: "model",
        method: "GET",
        url: "http://ollama.internal:11434/v1",
        milliseconds: 5_000,
        largestAnswer: 10,
      });
      expect(await refusalOf(asked), address).toBe(reached ? "UPSTREAM_FAILED" : "ADDRESS_REFUSED");
      expect(
        attempts.map((attempt) => attempt.address),
        address,
      ).toEqual(reached ? [address] : []);
    }
  });

  it("that means this machine leads nowhere else, whatever a resolver says", async () => {
    for (const name of ["localhost", "localhost.", "any.localhost"])
      expect(await refusalOf(egress.fetchFor("model")(`http://${name}:8081/`)), name).toBe("ADDRESS_REFUSED");
    expect(attempts).toEqual([]);
  });
});

describe("an address inside that is listed without a word", () => {
  it("is for everything whose own list allows it", async () => {
    const url = "http://10.0.0.9:8080";
    const tools = (allowedUrls: string[]) =>
      testEgress({ allowedUrls, privateUrls: [{ url }] }).fetchFor("tool")(`${url}/api`);
    expect(await refusalOf(tools([]))).toBe("ADDRESS_REFUSED");
    expect(await refusalOf(tools(["https://api.example.com"]))).toBe("ADDRESS_REFUSED");
    const models = (modelUrls: string[]) =>
      testEgress({ modelUrls, privateUrls: [{ url }] }).fetchFor("model")(`${url}/v1`);
    expect(await refusalOf(models(["https://models.example"]))).toBe("ADDRESS_REFUSED");
    expect(attempts).toEqual([]);
    await models([]).catch(() => {});
    await tools(["http://10.0.0.9:8080/api"]).catch(() => {});
    expect(attempts.map(({ address }) => address)).toEqual(["10.0.0.9", "10.0.0.9"]);
  });
});

describe("ports of other protocols", () => {
  it("are refused as fetch refuses them, but where the operator lists one", async () => {
    for (const port of [22, 25, 143, 465, 587, 6379, 11211])
      expect(await refusalOf(egress.fetchFor("model")(`http://api.example.com:${port}/`)), String(port)).toBe(
        "ADDRESS_REFUSED",
      );
    expect(attempts).toEqual([]);
    const listed = testEgress({
      modelUrls: ["http://api.example.com:6379"],
      resolve: async () => [{ address: publicAddress, family: 4 }],
    });
    await listed
      .fetchFor("model")("http://api.example.com:6379/")
      .catch(() => {});
    expect(attempts).toEqual([{ address: publicAddress, port: 6379 }]);
  });
});

describe("a refusal", () => {
  it.each([
    ["tool", "https://elsewhere.example/", "TOTEM_ALLOWED_URLS"],
    ["model", "http://10.0.0.5:8000/v1", "TOTEM_PRIVATE_URLS"],
    ["sign-in", "http://login.example/", "https://"],
    ["model", "https://canary:canary@models.example/v1", "user name"],
    ["model", "https://models.example/canary/%2e%2e/x", "path"],
    ["model", "http://models.example:25/canary", "port"],
    ["model", "ftp://models.example/canary", "http://"],
  ] as const)(
    "for %s of %s says in a sentence what to do, and repeats nothing",
    async (purpose, url, words) => {
      const error = await egress
        .fetchFor(purpose)(url)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "ADDRESS_REFUSED", message: expect.stringContaining(words) });
      expect((error as Error).message).toMatch(/^[A-Z].*\.$/);
      expect(JSON.stringify([(error as Error).message, egress.lines])).not.toContain("canary");
    },
  );
});
