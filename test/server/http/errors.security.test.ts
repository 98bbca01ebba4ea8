import { request as httpRequest } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCodes } from "../../../plugin/error-codes.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { codeIn, isDialect } from "../../support/dialect-problem.ts";
import { hostKey } from "../../support/host-calls.ts";
import { type ApiRoute, addressOf, type JsonSchema, openApiRoutes } from "../../support/openapi-routes.ts";
import { signInPerson } from "../../support/person-session.ts";
import { routeTable } from "../../support/route-table.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
let routes: ApiRoute[];
beforeAll(async () => {
  server = await startTestServer();
  routes = await openApiRoutes(server);
});
afterAll(() => server.stop());

const canary = "canary-3f9d1c";
const admin = () => ({ authorization: `Bearer ${server.adminKey}` });

/** What every error must be, and must not have. */
function expectProblem(
  where: string,
  answer: { status: number; body: unknown; text: string; headers: Headers },
): void {
  const path = where.replace(/^[A-Z]+ /, "");
  expect(answer.text, where).not.toMatch(
    /\bat .*\.ts:\d|node_modules|select .* from|insert into|agent_user_(?:place|username|pkey)|"stack"|syntax error|(?<!urn:totem:)error:/i,
  );
  // What is wrong with a message is said in the words of its own protocol (JSON-RPC 2.0, section 5.1).
  if (path.startsWith("/mcp") && "jsonrpc" in (answer.body as object)) {
    const { error } = answer.body as { error: { code: number } };
    expect(error, where).toEqual({ code: expect.any(Number), message: expect.any(String) });
    return;
  }
  const dialect = isDialect(path);
  expect({ where, type: answer.headers.get("content-type") }).toMatchObject({
    type: expect.stringMatching(dialect ? /^application\/json/ : /^application\/problem\+json/),
  });
  const body = answer.body as { code: keyof typeof errorCodes; status: number };
  const code = codeIn(body) as keyof typeof errorCodes;
  expect(Object.keys(errorCodes), where).toContain(code);
  if (!dialect) {
    expect({ where, code, status: answer.status }).toEqual({ where, code, status: errorCodes[code].status });
    expect(body.status).toBe(answer.status);
  }
}

describe("G4: errors", () => {
  it("have a stable code from the table on every route, and show no stack and no SQL", async () => {
    const odd: unknown[] = ["text", 5, null, [], [[]], { a: 1 }, "{", '{"a":', "\u0000", true];
    for (const route of routes) {
      for (const body of route.method === "GET" ? [undefined] : odd) {
        const path = addressOf(route.path, { slug: "no", id: "no", username: "no", name: "no" });
        const answer = await server.send(route.method, path, body, admin());
        expect(answer.status, `${route.name} ${JSON.stringify(body)}`).toBeLessThan(500);
        if (answer.status >= 400) expectProblem(`${route.name} ${JSON.stringify(body)}`, answer);
      }
    }
  });

  it("never repeat what was sent in any field of any route's body", async () => {
    const kinds = fc.constantFrom<unknown>(
      canary,
      canary.repeat(400),
      `${canary}\u0000`,
      [canary],
      { [`x${canary}`]: canary, value: canary },
      [{ id: canary, type: canary, source: canary, data: { config: { [canary.repeat(9)]: canary } } }],
      `https://user:${canary}@x`,
    );
    const bodies = (schema: JsonSchema): fc.Arbitrary<unknown> => {
      const names = Object.keys({
        ...schema.properties,
        ...Object.assign({}, ...(schema.anyOf ?? []).map((one) => one.properties)),
      });
      return fc.oneof(
        kinds,
        fc.record(Object.fromEntries(names.map((name) => [name, kinds])), { requiredKeys: [] }),
      );
    };
    const withBody = routes.filter((route) => route.body);
    expect(withBody.length).toBeGreaterThan(8);
    for (const route of withBody) {
      await fc.assert(
        fc.asyncProperty(bodies(route.body ?? {}), async (body) => {
          const answer = await server.send(route.method, addressOf(route.path, {}), body as object, admin());
          expect(answer.status, route.name).toBeLessThan(500);
          if (answer.status >= 400) {
            expectProblem(route.name, answer);
            expect(answer.text, route.name).not.toContain(canary);
          }
        }),
        { numRuns: 12 },
      );
    }
  });

  it("never repeat what was sent in the address, the query or a header", async () => {
    const where: [string, Record<string, string>][] = [
      [`/api/v1/${canary}`, {}],
      [`/api/v1/workflows/no-${canary}`, {}],
      [`/api/v1/agent-users/${canary}?x=${canary}`, {}],
      [`/api/v1/keys/${canary}`, {}],
      [`/api/v1/audit-events?limit=${canary}&before=${canary}`, {}],
      [`/api/v1/workflows/%zz${canary}`, {}],
      [`/api/v1/runs/${canary}/events`, { "last-event-id": canary.repeat(3) }],
      ["/api/v1/whoami", { authorization: `Bearer ${canary}` }],
      ["/api/v1/whoami", { authorization: canary, cookie: `__Host-totem=${canary}` }],
    ];
    for (const [path, headers] of where) {
      const answer = await server.send("GET", path, undefined, { ...admin(), ...headers });
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.text, path).not.toContain(canary);
      expectProblem(path, answer);
    }
  });

  it("carry the id of the request, which is all that ties them to the log", async () => {
    const { body } = await server.send("GET", "/api/v1/nothing");
    expect(body).toEqual({
      type: "urn:totem:error:NOT_FOUND",
      title: errorCodes.NOT_FOUND.message,
      status: 404,
      code: "NOT_FOUND",
      instance: expect.stringMatching(/^urn:totem:request:[\w-]+$/),
      retryable: false,
    });
  });

  it("are coded for text no database can hold, in addresses, queries and bodies", async () => {
    for (const [method, path, body] of [
      ["GET", "/agent-users/%00"],
      ["GET", "/agent-users/a%00b"],
      ["GET", "/workflows/%00"],
      ["GET", "/runs/%00"],
      ["GET", "/audit-events?subject=%00"],
      ["DELETE", "/model-keys/%00"],
      ["POST", "/agent-users/x/grants", { reader: "a\u0000b" }],
      [
        "POST",
        "/workflows",
        { name: "x", nodes: [{ id: "a", type: "agent", data: { config: { a: "\u0000" } } }] },
      ],
      [
        "POST",
        "/workflows",
        { name: "x", nodes: [{ id: "a", type: "agent", data: { config: { a: "\ud800" } } }] },
      ],
    ] as const) {
      const answer = await server.api(method, path, body);
      expect({ path, status: answer.status }).toEqual({
        path,
        status: expect.toSatisfy((status: number) => status === 400 || status === 404),
      });
    }
  });
});

describe("what the log says", () => {
  it("G2: holds no address, no key, no code and no body, at the level debug, whatever went wrong", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Log flow");
    const { api_key, username } = (await server.call(slug, "create", { purpose: canary })).body;
    const { totp_code } = (await server.call(slug, "code")).body;
    await server.send("POST", "/api/v1/auth/session", { api_key, code: totp_code });
    await server.send("POST", `/api/v1/auth/session?code=${totp_code}&key=${api_key}`, {
      api_key,
      code: totp_code,
    });
    await server.send("GET", `/api/v1/agent-users/${username}?token=${api_key}`, undefined, {
      referer: `http://x/?k=${api_key}`,
    });
    const { proof } = await signInPerson(server);
    await server.send("POST", "/api/v1/auth/sign-in", { key: api_key }, { "x-totem-proof": proof });
    await server.send("POST", "/api/v1/keys", `{"name": "${api_key}`, admin());
    const log = server.log.join("");
    for (const secret of [api_key, server.adminKey, proof, canary]) expect(log).not.toContain(secret);
    expect(withoutRandom(log)).not.toContain(totp_code);
    expect(log).not.toMatch(/\/api\/v1|\?token=|\?code=/);
    expect(log).toMatch(/listening|ready|\n/);
  });

  it("G9: is one line of JSON an event, though names and headers hold line breaks and escapes", async () => {
    const nasty = 'x\r\n{"level":30,"msg":"forged"}\u001b[31m\u2028';
    const slug = await server.addWorkflow(agentWorkflow(), "Nasty flow");
    expect((await server.call(slug, "create", { purpose: nasty })).status).toBe(200);
    await server.call(slug, "code", { username: nasty });
    await server.api("POST", "/workflows", { name: nasty });
    await server.api("GET", `/audit-events?subject=${encodeURIComponent(nasty)}`);
    for (const line of server.log) {
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.parse(line).msg).not.toBe("forged");
      expect(line.includes("\u001b") || line.includes("\r")).toBe(false);
    }
    const { audit_events } = (await server.api("GET", `/audit-events?limit=5`)).body;
    // No account is called like that, so the audit log does not keep it either.
    expect(audit_events.map((event: { subject: string }) => event.subject)).toContain("[redacted]");
    expect(JSON.stringify(audit_events)).not.toContain("forged");
  });
});

describe("requests no client of ours sends", () => {
  const raw = (path: string, method = "GET"): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      httpRequest({ hostname, port, path, method, headers: admin(), agent: false }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      })
        .on("error", reject)
        .end();
    });

  it("are answered with a coded error, and the server lives", async () => {
    for (const path of [
      "/api/v1/workflows/%",
      "/%",
      "/api/v1/%C0%AE",
      "//api//v1//whoami",
      "/api/v1/../../etc/passwd",
      `/api/v1/${"a".repeat(8_000)}`,
      `/api/v1/workflows/${"x".repeat(500)}`,
    ]) {
      const status = await raw(path);
      expect({ path: path.slice(0, 40), status }).toEqual({
        path: path.slice(0, 40),
        status: expect.toSatisfy((code: number) => code === 400 || code === 404 || code === 414),
      });
    }
    expect((await server.send("GET", "/livez")).status).toBe(200);
  });

  it("cannot reach the prototype of anything with JSON", async () => {
    for (const text of [
      '{"__proto__": {"name": "x", "scopes": ["admin"]}}',
      '{"name":"x","scopes":["codes:read"],"__proto__":{"admin":true}}',
      '{"name":"x","scopes":["codes:read"],"constructor":{"prototype":{"admin":true}}}',
    ]) {
      const answer = await server.send("POST", "/api/v1/keys", text, admin());
      expectProblem(text, answer);
      expect(answer.status).toBe(400);
    }
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    const answer = await server.api("GET", "/audit-events?__proto__[limit]=1&constructor=1");
    expect(answer.status).toBe(200);
  });

  it("are refused when they nest too deep, on every route that takes a body", async () => {
    const deep = (levels: number, open: string, close: string) =>
      `${open.repeat(levels)}1${close.repeat(levels)}`;
    const slug = await server.addWorkflow(agentWorkflow(), "Deep");
    await server.call(slug, "create");
    const host = { authorization: `Bearer ${await hostKey(server, "deep")}` };
    const { cookie, proof } = await signInPerson(server);
    const person = { cookie, "x-totem-proof": proof };
    const headersFor = ({ name, path }: (typeof routes)[number]) => {
      if (path.endsWith("/host-calls")) return host;
      return routeTable[name]?.may === "person" ? person : admin();
    };
    // What must be signed and is not, is not read at all.
    const readable = routes.filter(({ body, name }) => body && name !== "POST /api/v1/host-key-pairs");
    for (const route of readable) {
      for (const text of [deep(300_000, "[", "]"), `{"arguments":${deep(200_000, '{"a":', "}")}}`]) {
        const answer = await server.send(
          route.method,
          addressOf(route.path, { slug, id: "platform" }),
          text,
          headersFor(route),
        );
        // What is no JSON is a field that is missing, in the words of that API.
        const status = route.path.startsWith("/v1/") ? 422 : 400;
        expect({ route: route.name, status: answer.status }).toEqual({ route: route.name, status });
        expectProblem(route.name, answer);
      }
    }
    // Brackets in text are text.
    const name = "[{".repeat(50);
    expect((await server.api("POST", "/workflows", { name })).status).toBe(201);
    expect((await server.api("POST", "/workflows", { name: 'a\\"[[' })).status).toBe(201);
  });

  it("are refused as another media type than JSON", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/xml",
    ]) {
      const answer = await server.send("POST", "/api/v1/keys", "name=x", {
        ...admin(),
        "content-type": type,
      });
      expectProblem(type, answer);
      expect(answer.status).toBe(400);
    }
  });
});
