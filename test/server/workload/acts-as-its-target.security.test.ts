import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { hostClient } from "../../support/host-calls.ts";
import { openApiRoutes } from "../../support/openapi-routes.ts";
import { routeTable } from "../../support/route-table.ts";
import { startWorkload, type WorkloadStory } from "../../support/start-workload.ts";

let story: WorkloadStory;
beforeAll(async () => {
  story = await startWorkload();
});
afterAll(() => story.stop());

const whoami = async (token: string) => (await story.server.as(token)("GET", "/whoami")).status;

/** A key, and a rule by which a subject gets in as it. Answers with the key's id. */
async function keyWithRule(name: string, scopes: readonly string[], more: object = {}): Promise<string> {
  const key = await story.server.api("POST", "/keys", { name, scopes, ...more });
  const added = await story.addRule({
    name: `Rule of ${name}`,
    conditions: [{ claim: "sub", matches: name }],
    target: { service_key: name },
  });
  expect(added.status, added.text).toBe(201);
  return key.body.id;
}

it("D14: acts as a key with that key's scopes, and no more", async () => {
  await keyWithRule("nightly", ["workflows:read"]);
  const api = story.server.as(await story.enter({ sub: "nightly" }));
  expect((await api("GET", "/whoami")).body).toMatchObject({
    kind: "service_key",
    name: "nightly",
    scopes: ["workflows:read"],
  });
  expect((await api("GET", "/workflows")).status).toBe(200);
  expect((await api("GET", "/vault/entries")).status).toBe(403);
});

it("D14: acts as an installation, and only as the one that its key speaks for", async () => {
  await keyWithRule("n8n", ["hosts:call"], { host: "n8n", host_instance: "main" });
  const call = hostClient(story.server, await story.enter({ sub: "n8n" }), "main");
  expect((await call("whoami", { instance: "other" })).status).toBe(403);
  expect((await call("create_agent_user")).body).toMatchObject({
    success: true,
    api_key: expect.stringMatching(/^totem:key:/),
  });
});

it("D14: needs the signature of an installation whose calls are signed, as its key does", async () => {
  await keyWithRule("signed", ["hosts:call"], { host: "n8n", host_instance: "signed", signed: true });
  const call = hostClient(story.server, await story.enter({ sub: "signed" }), "signed");
  expect((await call("whoami")).body.code).toBe("SIGNATURE_REFUSED");
});

it("D14: names no installation that its key is not bound to yet", async () => {
  await story.server.api("POST", "/keys", { name: "unbound", scopes: ["hosts:call"] });
  const added = await story.addRule({ name: "Unbound", target: { service_key: "unbound" } });
  expect(added.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "target" }] });
});

it("D14: ends at once when its key is revoked, and lives through its rotation", async () => {
  const id = await keyWithRule("short", ["workflows:read"]);
  const token = await story.enter({ sub: "short" });
  await story.server.api("POST", `/keys/${id}/rotate`, { overlap: 0 });
  expect(await whoami(token)).toBe(200);
  await story.server.api("DELETE", `/keys/${id}`);
  expect(await whoami(token)).toBe(401);
  const again = await story.exchange(await story.issuer.sign({ claims: { sub: "short" } }));
  expect(again.status).toBe(400);
  expect(await story.lastLogged()).toMatchObject({ reason: "target_gone" });
});

it("D14: ends no later than its key", async () => {
  await keyWithRule("ending", ["workflows:read"], { expires_in: 300 });
  const answer = await story.exchange(await story.issuer.sign({ claims: { sub: "ending" } }));
  expect(answer.body.expires_in).toBe(300);
});

it("D14: ends at once when its agent is disabled, and is back when it is enabled", async () => {
  const token = await story.enter();
  await story.server.api("POST", `/agent-users/${story.username}/disable`);
  onTestFinished(async () => void (await story.server.api("POST", `/agent-users/${story.username}/enable`)));
  expect(await whoami(token)).toBe(401);
});

it("D14: ends at once when its rule is changed or removed", async () => {
  const rule = { ...story.rule, name: "Changing", conditions: [{ claim: "sub", matches: "changing" }] };
  const { id } = (await story.addRule(rule)).body;
  const url = `/workload-identity/rules/${id}`;
  const first = await story.enter({ sub: "changing" });
  expect((await story.owner.send("PUT", url, { ...rule, token_seconds: 600 })).status).toBe(200);
  expect(await whoami(first)).toBe(401);
  const second = await story.enter({ sub: "changing" });
  expect(await whoami(second)).toBe(200);
  expect((await story.owner.send("DELETE", url)).status).toBe(204);
  expect(await whoami(second)).toBe(401);
});

it("D14: ends at once when its issuer is changed or removed", async () => {
  const other = {
    name: "Other",
    kind: "oidc",
    issuer: "https://other.example",
    jwks: { keys: story.issuer.keys },
  };
  const issuer_id = (await story.owner.send("POST", "/workload-identity/issuers", other)).body.id;
  await story.addRule({ name: "Of other", issuer_id });
  const url = `/workload-identity/issuers/${issuer_id}`;
  const first = await story.enter({ iss: "https://other.example" });
  expect((await story.owner.send("PUT", url, { ...other, max_age: 600 })).status).toBe(200);
  expect(await whoami(first)).toBe(401);
  const second = await story.enter({ iss: "https://other.example" });
  expect((await story.owner.send("DELETE", url)).status).toBe(204);
  expect(await whoami(second)).toBe(401);
  const { issuers, rules } = (await story.server.api("GET", "/workload-identity")).body;
  expect([issuers, rules].flat().map(({ name }: { name: string }) => name)).not.toContain("Of other");
});

it("D14: refuses a token that two rules with different targets fit, and takes it with one target", async () => {
  const rule = { conditions: [{ claim: "sub", matches: "double" }] };
  await story.addRule({ ...rule, name: "Double 1" });
  const same = (await story.addRule({ ...rule, name: "Double 2" })).body.id;
  const sign = () => story.issuer.sign({ claims: { sub: "double" } });
  expect((await story.exchange(await sign())).status).toBe(200);
  await story.server.api("POST", "/keys", { name: "double", scopes: ["workflows:read"] });
  await story.owner.send("PUT", `/workload-identity/rules/${same}`, {
    ...story.rule,
    ...rule,
    name: "Double 2",
    target: { service_key: "double" },
  });
  expect((await story.exchange(await sign())).body.code).toBe("WORKLOAD_REFUSED");
  expect(await story.lastLogged()).toMatchObject({ reason: "ambiguous" });
});

/**
 * Written down a second time: what an exchanged token may do that is more than a read. All else is closed to it, so a new
 * route is closed until its line stands here.
 */
const passing = [
  "DELETE /api/v1/keys/{id}",
  "DELETE /api/v1/mcp-tokens/{id}",
  "DELETE /api/v1/proxy-credentials/{id}",
  "POST /api/v1/agent-users/{username}/code",
  "POST /api/v1/agent-users/{username}/disable",
  "POST /api/v1/agent-users/{username}/verify",
  "POST /api/v1/audit-events/verify",
  "POST /api/v1/handles/redeem",
  "POST /api/v1/host-calls",
  "DELETE /api/v1/inbox/messages/{id}",
  "PATCH /api/v1/inbox/messages/{id}",
  "POST /api/v1/inbox/messages/{id}/reread",
  "POST /api/v1/inbox/readings",
  "POST /api/v1/inbox/wait",
  "DELETE /api/v1/inbox/waits/{id}",
  "POST /api/v1/inbox/waits/{id}/answer",
  "POST /api/v1/runs/{id}/cancel",
  "DELETE /api/v1/vault/entries/{id}",
  "PATCH /api/v1/vault/entries/{id}",
  "POST /api/v1/vault/entries",
  "POST /api/v1/vault/entries/{id}/confirm",
  "POST /api/v1/vault/import",
  "POST /api/v1/vault/import/preview",
  "POST /api/v1/workflows/{slug}/agents/{id}/prove",
  "POST /api/v1/workflows/{slug}/nodes/{id}/call",
  "POST /api/v1/workflows/{slug}/runs",
  "POST /api/v1/workflows/{slug}/validate",
  "POST /v1/credentials/totp",
  "DELETE /api/v2/totp/secrets/{id}",
  "POST /api/v2/totp/secrets",
  "DELETE /v0/messages/{id}",
  "PATCH /v0/messages/{id}",
  "DELETE /v0/vault/{name}",
  "POST /v0/vault",
  "PUT /v0/vault/{name}",
  "DELETE /mcp",
  "POST /mcp",
];
/** A read that shows a seed. */
const closedReads = ["GET /api/v1/vault/entries/{id}/qr"];
/** What its path proves, and what needs no caller, is no matter of the token. */
const isOfTokens = (name: string): boolean =>
  routeTable[name]?.may !== "public" &&
  !/^(\w+ \/mcp\/\{token\}|POST \/hooks\/.*|POST \/api\/v1\/auth\/claim)$/.test(name);

it("D14: makes nothing that lasts, also where its key may do everything", async () => {
  await keyWithRule("all", ["admin"]);
  const token = await story.enter({ sub: "all" });
  const open: string[] = [];
  const closed: string[] = [];
  for (const { name, method, path } of await openApiRoutes(story.server)) {
    const answer = await story.server.send(method, path.replaceAll(/\{\w+\}/g, "x"), undefined, {
      authorization: `Bearer ${token}`,
    });
    const isRefused = /outlives it/.test(answer.text);
    if (method === "GET" && isRefused) closed.push(name);
    if (method !== "GET" && !isRefused && isOfTokens(name)) open.push(name);
  }
  expect(closed).toEqual(closedReads);
  expect(open.sort()).toEqual(passing.toSorted());
});

it("D14: stores an entry of its own, shows no seed that it made, and sends what is stored nowhere else", async () => {
  await keyWithRule("keeper", ["admin"]);
  const token = await story.enter({ sub: "keeper" });
  const api = story.server.as(token);
  const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const origins = ["https://github.com"];
  const stored = await api("POST", "/vault/entries", { name: "own", one_time: { secret }, origins });
  expect(stored.status, stored.text).toBe(201);
  const url = `/vault/entries/${stored.body.id}`;
  expect((await api("GET", `${url}/code`)).body.code).toMatch(/^\d{6}$/);
  expect((await api("PATCH", url, { name: "renamed", origins })).status).toBe(200);
  const v2 = (body: object) =>
    story.server.send("POST", "/api/v2/totp/secrets", body, { authorization: `Bearer ${token}` });
  expect((await v2({ label: "sent", secret })).status).toBe(200);
  for (const refused of [
    await api("POST", "/vault/entries", { name: "generated", one_time: {} }),
    await v2({ label: "generated" }),
    await api("PATCH", url, { origins: [...origins, "https://evil.example"] }),
    await api("PUT", `${url}/secret`, { one_time: {} }),
    await api("GET", `${url}/qr`),
    await api("PUT", `/agent-users/${story.username}/ask`, { ask: null }),
    await api("POST", `/agent-users/${story.username}/enable`),
  ])
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("outlives it")]);
  const { entries } = (await api("GET", "/vault/entries")).body;
  expect(entries.map(({ name }: { name: string }) => name).sort()).toEqual(["renamed", "sent"]);
});

it("D14: as an agent has the standing of its key: no session, no lasting key and no address of its own", async () => {
  const api = story.server.as(await story.enter());
  expect((await api("GET", `/workflows/${story.slug}`)).body.title).toMatch(/Open a session/);
  expect((await api("POST", "/mcp-tokens", {})).status).toBe(403);
  const made = await api("POST", `/workflows/${story.slug}/nodes/create/call`, { arguments: {} });
  expect(made.body.api_key, made.text).toMatch(/^totem:key:/);
  const redeemed = await api("POST", "/handles/redeem", { handle: made.body.api_key });
  expect([redeemed.status, redeemed.text]).toEqual([403, expect.stringContaining("outlives")]);
});

it("D14: pauses what a person wrote when that person is removed, until another one takes it over", async () => {
  const leaver = await addPerson(story.server, { roles: ["administrator"] });
  const rule = { ...story.rule, name: "Of who leaves", conditions: [{ claim: "sub", matches: "leaver" }] };
  const { id } = (await leaver.send("POST", "/workload-identity/rules", rule)).body;
  const token = await story.enter({ sub: "leaver" });
  const other = await addPerson(story.server, { roles: ["owner"] });
  expect((await other.send("DELETE", `/people/${leaver.id}`)).status).toBe(204);
  expect(await whoami(token)).toBe(401);
  expect((await story.exchange(await story.issuer.sign({ claims: { sub: "leaver" } }))).status).toBe(400);
  const { rules } = (await other.send("GET", "/workload-identity")).body;
  expect(rules.find((one: { id: string }) => one.id === id)).toMatchObject({ paused: true });
  expect((await other.send("PUT", `/workload-identity/rules/${id}`, rule)).body).toMatchObject({
    paused: false,
  });
  expect(await whoami(await story.enter({ sub: "leaver" }))).toBe(200);
});

it("D14: lets a person write no rule that may more than that person", async () => {
  const key = await story.server.api("POST", "/keys", { name: "wide", scopes: ["admin"] });
  expect(key.status).toBe(201);
  const operator = await addPerson(story.server, { roles: ["operator"] });
  const target = { service_key: "wide" };
  const answer = await operator.send("POST", "/workload-identity/rules", {
    ...story.rule,
    name: "W",
    target,
  });
  expect(answer.status).toBe(403);
  const program = await story.server.api("POST", "/workload-identity/rules", { ...story.rule, name: "P" });
  expect([program.status, program.body.title]).toEqual([403, "Only people have this."]);
});

it("D14: limits the tries of a network, and a broken program uses up its own only", async () => {
  const token = await story.issuer.sign({ claims: { aud: "other", sub: "broken" } });
  const statuses = [];
  for (let tried = 0; tried < 21; tried++) statuses.push((await story.exchange(token)).status);
  expect(statuses).toEqual([...Array(20).fill(400), 429]);
  const limited = await story.exchange(token);
  expect(limited.body).toMatchObject({ error: "temporarily_unavailable", code: "RATE_LIMITED" });
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await whoami(await story.enter())).toBe(200);
});

it("D14: lets a workload in after strangers behind its address have shown many false tokens, also in its name", async () => {
  const genuine = (await story.issuer.sign()).split(".");
  const { iss, sub } = JSON.parse(Buffer.from(genuine[1] ?? "", "base64url").toString());
  const falseToken = (claims: object) =>
    `${genuine[0]}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AAAA`;
  const answers = [];
  for (let tried = 0; tried < 21; tried++)
    answers.push((await story.exchange(falseToken({ iss, sub, tried }))).status);
  for (let tried = 0; tried < 101; tried++)
    answers.push((await story.exchange(falseToken({ iss: "x", sub: `${tried}` }))).status);
  expect(answers.filter((status) => status === 429).length).toBeGreaterThan(1);
  const shown = await story.issuer.sign();
  expect((await story.exchange(shown)).status).toBe(200);
  for (let again = 0; again < 21; again++) expect((await story.exchange(shown)).status).not.toBe(200);
  expect(await whoami(await story.enter())).toBe(200);
});
