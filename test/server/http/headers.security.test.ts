import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let routes: ApiRoute[];
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_FRAME_ANCESTORS: "https://host.example 'self'" } });
  routes = await openApiRoutes(server);
});
afterAll(() => server.stop());

const expectUncached = (where: string, headers: Headers): void => {
  expect({
    where,
    cache: headers.get("cache-control"),
    pragma: headers.get("pragma"),
    etag: headers.get("etag"),
  }).toEqual({
    where,
    cache: "no-store",
    pragma: "no-cache",
    etag: null,
  });
};

describe("G1: no proxy or browser stores an answer of the API", () => {
  it("whether it is a success, a refusal, or nothing at all", async () => {
    for (const route of routes) {
      for (const key of [server.adminKey, "wrong"]) {
        const { headers } = await server.send(
          route.method,
          addressOf(route.path, {}),
          route.body ? {} : undefined,
          {
            authorization: `Bearer ${key}`,
          },
        );
        expectUncached(route.name, headers);
      }
    }
    for (const path of [
      "/api/v1/nothing",
      "/openapi.json",
      "/api/",
      "/nothing",
      "/api/v1/%zz",
      "/api/v1/workflows/%",
    ])
      expectUncached(path, (await server.send("GET", path)).headers);
  });

  it("also when the address is spelled in another way", async () => {
    const asAdmin = { authorization: `Bearer ${server.adminKey}` };
    const { status, headers } = await server.send("GET", "/%61pi/v1/whoami", undefined, asAdmin);
    expect(status).toBe(200);
    expectUncached("/%61pi/v1/whoami", headers);
    expectUncached("HEAD", (await server.send("HEAD", "/api/v1/whoami", undefined, asAdmin)).headers);
  });
});

describe("G12: what the browser is told", () => {
  it("a policy without unsafe-inline, on the studio and on the API", async () => {
    for (const path of ["/", "/w/some-flow", "/livez", "/api/v1/nothing"]) {
      const { headers } = await server.send("GET", path);
      const policy = headers.get("content-security-policy") ?? "";
      // The API's answers are data: nothing may be loaded from them at all.
      const isStudio = path === "/" || path.startsWith("/w/");
      expect(policy).toContain(isStudio ? "default-src 'self'" : "default-src 'none'");
      if (isStudio) expect(policy).toContain("object-src 'none'");
      if (isStudio) expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/unsafe-|\*|http:/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-powered-by")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("who may show the studio in a frame: those of the setting, and nobody without one", async () => {
    const policyOf = async (who: TestServer) =>
      (await who.send("GET", "/")).headers.get("content-security-policy");
    expect(await policyOf(server)).toMatch(/frame-ancestors https:\/\/host\.example 'self'(;|$)/);
    const plain = await startTestServer();
    expect(await policyOf(plain)).toMatch(/frame-ancestors 'none'(;|$)/);
    await plain.stop();
  });

  it("no inline script or style in the page itself", async () => {
    const { text } = await server.send("GET", "/");
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i);
  });

  it("nothing of this machine's files outside of the studio's", async () => {
    for (const path of [
      "/assets/../index.html",
      "/assets/..%2f..%2f..%2fpackage.json",
      "/assets/%2e%2e/%2e%2e/package.json",
      "/assets/..%5c..%5cpackage.json",
      "/assets//etc/passwd",
      "/assets/%00",
      "/assets/",
    ]) {
      const { status, text } = await server.send("GET", path);
      expect({ path, status }).toEqual({
        path,
        status: expect.toSatisfy((code: number) => code === 404 || code === 400),
      });
      expect(text).not.toContain('"dependencies"');
    }
  });
});

describe("methods nobody asked for", () => {
  it("a HEAD is a GET without its body, and asks for the same key", async () => {
    const head = await server.send("HEAD", "/api/v1/keys");
    expect([head.status, head.text]).toEqual([401, ""]);
    const allowed = await server.send("HEAD", "/api/v1/keys", undefined, {
      authorization: `Bearer ${server.adminKey}`,
    });
    expect([allowed.status, allowed.text]).toEqual([200, ""]);
  });

  it("OPTIONS, PATCH and others are nothing at this address, and allow no other origin", async () => {
    for (const method of ["OPTIONS", "PATCH", "PROPFIND", "PURGE", "LOCK"]) {
      const authorization = `Bearer ${server.adminKey}`;
      const { status, body } = await server.send(method, "/api/v1/keys", undefined, { authorization });
      expect({ method, status, code: body.code }).toEqual({ method, status: 404, code: "NOT_FOUND" });
      const asked = await server.send(method, "/api/v1/keys", undefined, {
        authorization,
        origin: "https://evil.example",
        "access-control-request-method": "POST",
      });
      expect([asked.status, asked.body.code]).toEqual([403, "FOREIGN_REQUEST"]);
      expect(asked.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("does not let a header or a query choose another method", async () => {
    const { status } = await server.send(
      "POST",
      "/api/v1/keys?_method=DELETE",
      { name: "x", scopes: ["codes:read"] },
      {
        "x-http-method-override": "GET",
        authorization: `Bearer ${server.adminKey}`,
      },
    );
    expect(status).toBe(201);
  });
});
