import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../../plugin/enrolment/base32.ts";
import { localKeys } from "../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../server/secrets/key-ring.ts";
import { agentWorkflow, flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
import { everyRow } from "../support/every-row.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { signHook, timestampOf } from "../support/inbox-sources.ts";
import { signInPerson } from "../support/person-session.ts";
import { formsOfBytes, formsOfText } from "../support/secret-forms.ts";
import { random } from "../support/seeded-random.ts";
import { type Answer, startTestServer, type TestServer } from "../support/start-test-server.ts";

/** A secret, all its forms, and the requests whose answers may contain it. */
interface Planted {
  readonly forms: readonly (string | RegExp)[];
  readonly answeredBy: RegExp;
}
const never = /$^/;
const planted = new Map<string, Planted>();
const plantText = (name: string, text: string, answeredBy = never): void => {
  expect(text.length, name).toBeGreaterThan(15);
  planted.set(name, { forms: formsOfText(text), answeredBy });
};
/** Six digits inside a longer number or word mean nothing. */
const plantCode = (
  name: string,
  code: string,
  answeredBy = /nodes\/code\/call$|^POST \/api\/v1\/agent-users\/agent_by-hand_agent\/code$/,
): void => {
  expect(code).toMatch(/^\d{6}$/);
  planted.set(name, { forms: [new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`)], answeredBy });
};
const hits = (text: string, forms: Planted["forms"]): boolean =>
  forms.some((form) => (typeof form === "string" ? text.includes(form) : form.test(text)));

const clock = fixedClock();
const masterKey = random.bytes(32);
const modelKey = `sk-planted-${random.bytes(24).toString("base64url")}`;
const answers: { request: string; text: string }[] = [];
const streams: string[] = [];
let midRun = new Map<string, string[]>();
let server: TestServer;
/** Where the audit log is sent on to. */
const folder = mkdtempSync(join(tmpdir(), "totem-stream-"));
const streamed = join(folder, "audit.jsonl");

/** A provider that repeats the key it gets, as some do, while a run holds secrets in its checkpoint. */
const provider = createServer((request, response) => {
  void everyRow(server.database.kysely).then((rows) => {
    midRun = rows;
    response.writeHead(401, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { message: `Incorrect API key provided: ${request.headers.authorization}` } }),
    );
  });
});

/** Records everything that is sent over HTTP. */
const keep = async (request: string, answer: Promise<Answer>): Promise<Answer> => {
  const got = await answer;
  answers.push({ request, text: `${JSON.stringify([...got.headers])}\n${got.text}` });
  return got;
};
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  keep(`${method} ${path}`, server.send(method, path, body, headers));
const api = (method: string, path: string, body?: unknown, key = server.adminKey) =>
  send(method, `/api/v1${path}`, body, { authorization: `Bearer ${key}` });
const call = (slug: string, tool: string, args: object = {}) =>
  api("POST", `/workflows/${slug}/nodes/${tool}/call`, { arguments: args });

/** Starts a run, follows its events to the end, and then reads it again. */
async function run(slug: string, input: string): Promise<{ status: string; events: { type: string }[] }> {
  const { id } = (await api("POST", `/workflows/${slug}/runs`, { input })).body;
  const stream = await fetch(`${server.url}/api/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${server.adminKey}` },
  });
  streams.push(await stream.text());
  return (await api("GET", `/runs/${id}`)).body;
}

const script = [
  { tool: "create_agent_user", arguments: { purpose: "leak" } },
  { tool: "get_totp_code", arguments: { username: "{{create_agent_user.api_key}}" } },
  { tool: "get_totp_code" },
  { say: "I write it down: {{get_totp_code.totp_code}}" },
  { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
  { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
  { tool: "platform_api", arguments: { path: "/api/v1/whoami" } },
  {
    tool: "platform_api",
    arguments: {
      method: "POST",
      path: "/api/v1/auth/session",
      body: { api_key: "{{create_agent_user.api_key}}", code: "{{get_totp_code.totp_code}}" },
    },
  },
  {
    tool: "platform_api",
    arguments: { path: "/api/v1/agent-users/{{create_agent_user.api_key}}?code={{get_totp_code.totp_code}}" },
  },
  { say: "My key is {{create_agent_user.api_key}}, my code {{get_totp_code.totp_code}}." },
];

async function playJourney(): Promise<void> {
  const link = server.signInLink?.split("#sign-in=")[1] ?? "";
  plantText("the sign-in link", link);
  const { cookie, proof } = await signInPerson({ ...server, send }, { link });
  plantText("the studio's cookie", cookie.split("=")[1] ?? "", /^POST \/api\/v1\/auth\/sign-in$/);
  plantText("the page's proof", proof);
  await send("GET", "/api/v1/whoami", undefined, { cookie });
  await send("GET", "/api/v1/whoami", undefined, { cookie, "x-totem-proof": proof });
  await send("POST", "/api/v1/auth/sign-in", { key: `${server.adminKey}x` }, { "x-totem-proof": proof });

  const service = (await api("POST", "/keys", { name: "robot", scopes: ["codes:read"] })).body;
  plantText("a service key", service.key, /^POST \/api\/v1\/keys$/);
  const tenant = (await api("POST", "/workspaces", { name: "tenant" })).body;
  plantText("a workspace's key", tenant.key, /^POST \/api\/v1\/workspaces$/);
  const { port } = provider.address() as AddressInfo;
  await api("POST", "/model-keys", {
    name: "planted",
    provider: "openai-compatible",
    key: modelKey,
    base_url: `http://127.0.0.1:${port}/v1`,
  });

  // By hand: the two answers that must contain a key and a code.
  const { slug } = (await api("POST", "/workflows", { name: "By hand", ...agentWorkflow() })).body;
  const { api_key, username } = (await call(slug, "create", { purpose: "by hand" })).body;
  plantText("an agent's key", api_key, /nodes\/create\/call$/);
  const code = (await call(slug, "code")).body.totp_code;
  plantCode("a code read by hand", code);
  expect((await api("POST", `/agent-users/${username}/code`)).body.code).toBe(code);
  const session = (await send("POST", "/api/v1/auth/session", { api_key, code })).body.token;
  plantText("an agent's session", session, /^POST \/api\/v1\/auth\/session$/);
  for (const key of [api_key, session]) {
    await api("GET", "/whoami", undefined, key);
    await api("GET", `/agent-users/${username}`, undefined, key);
    await api("POST", `/agent-users/${username}/verify`, { code }, key);
    await api("POST", "/keys", { name: "x", scopes: ["admin"] }, key);
  }
  await call(slug, "verify", { code });
  expect((await api("POST", `/workflows/${slug}/agents/agent/prove`)).text).toContain('"verify","');
  await api("GET", `/workflows/${slug}/identities`);
  await api("GET", `/workflows/${slug}/versions/1`);
  await call(slug, "platform", { path: "/api/v1/whoami" });
  await api("GET", `/agent-users/${username}/grants`);

  // A run that repeats all its secrets, and one whose model refuses the key.
  clock.advance(90);
  const careless = agentWorkflow(script as never);
  careless.nodes.push(
    node("second", "agent"),
    node("refusing", "ai_model", { provider: "openai-compatible", model: "m", model_key: "planted" }),
  );
  careless.edges.push(
    flowEdge("agent", "second"),
    modelEdge("refusing", "second"),
    toolEdge("whoami", "second"),
  );
  const made = (await api("POST", "/workflows", { name: "Careless", ...careless })).body.slug;
  const failed = await run(made, "go");
  expect(failed).toMatchObject({ status: "failed", error: { code: "MODEL_FAILED" } });
  expect(failed.events.filter(({ type }) => type === "tool.finished").length).toBe(8);
  plantText(
    "the key of an agent in a run",
    (await call(made, "create")).body.api_key,
    /nodes\/create\/call$/,
  );
  plantCode("the code of an agent in a run", (await call(made, "code")).body.totp_code);

  // Errors of every kind, with secrets where they do not belong.
  await api("POST", "/workflows", `{"name": "${api_key}`);
  await api("POST", "/workflows", { name: 5, nodes: [{ id: api_key, type: code }] });
  await api("PUT", `/workflows/${slug}`, { version: 9, nodes: [], edges: [] });
  await api("GET", `/runs/${api_key}`);
  await api("GET", `/agent-users/${encodeURIComponent(api_key)}?code=${code}`);
  await send("GET", `/api/v1/whoami?api_key=${api_key}`, undefined, {
    authorization: `Bearer ${api_key}x`,
    referer: `http://x/?${api_key}`,
  });
  await sql`update agent_user set sealed_secret = sealed_api_key where username = ${username}`.execute(
    server.database.kysely,
  );
  expect((await call(slug, "code")).status).toBe(500);
  for (const list of [
    "/workflows",
    "/agent-users",
    "/keys",
    "/model-keys",
    "/audit-events?limit=500",
    "/node-types",
    `/workflows/${made}/runs`,
    `/workflows/${made}`,
  ])
    await api("GET", list);
  await send("GET", "/openapi.json");
}

/** A shared secret in every form: as bytes, and as the base32 that people paste. */
const plantSeed = (name: string, base32: string, answeredBy = never): void => {
  const bytes = decodeBase32(base32);
  planted.set(name, { forms: [...formsOfBytes(bytes), ...formsOfText(base32)], answeredBy });
};

/** Every valid and invalid way into the vault and out of it. */
async function playVault(): Promise<void> {
  const admin = { authorization: `Bearer ${server.adminKey}` };
  const seed = encodeBase32(random.bytes(20));
  plantSeed("a seed that was pasted", seed);
  const password = `planted password ${random.bytes(12).toString("hex")}`;
  plantText(
    "a stored password",
    password,
    /^GET \/v0\/vault\/planted$|^GET \/api\/v1\/vault\/entries\/[\w-]+\/data$/,
  );
  const backup = `backup-${random.bytes(12).toString("hex")}`;
  plantText("a backup code", backup, /^GET \/v0\/vault\/planted$|\/totp\/backup$/);
  const uri = `otpauth://totp/Planted:ada?secret=${seed}&issuer=Planted`;
  const v0 = (method: string, path: string, body?: unknown) => send(method, `/v0${path}`, body, admin);

  await v0("PUT", "/vault/planted", {
    type: "LOGIN",
    data: { password, secret: seed, backupCodes: [backup] },
  });
  await v0("GET", "/vault/planted");
  const { code } = (await v0("GET", "/vault/planted/totp")).body;
  plantCode("a code of the vault", code, /\/totp$|\/totp\/code\/|\/entries\/[\w-]+\/code$/);
  await v0("POST", "/vault/planted/totp/backup");
  await v0("POST", "/vault", { label: "by uri", otpauth: uri });
  await v0("POST", "/vault", { label: "by uri", otpauth: `${uri}&digits=7` });
  await v0("PUT", `/vault/${seed}`, { type: seed, data: password });
  await v0("GET", `/vault/${encodeURIComponent(uri)}/totp`);
  await v0("GET", `/logs?action=${seed}&category=${code}`);
  for (const path of ["/vault", "/logs?limit=100", "/logs/stats", "/whoami"]) await v0("GET", path);

  const sent = { label: "sent", secret: encodeBase32(random.bytes(20)) };
  plantSeed("a seed that its sender is told again", sent.secret, /^POST \/api\/v2\/totp\/secrets$/);
  const { id } = (await send("POST", "/api/v2/totp/secrets", sent, admin)).body.totp_secret;
  await send("POST", "/api/v2/totp/secrets", { ...sent, algorithm: sent.secret }, admin);
  await send("GET", "/api/v2/totp/secrets", undefined, admin);
  await send("GET", `/api/v2/totp/code/${id}`, undefined, {
    "sb-api-key-id": "x",
    "sb-api-secret-key": server.adminKey,
  });
  const made = (await api("POST", "/vault/entries", { name: "made", one_time: {} })).body;
  plantSeed("a seed that was made here", made.secret, /^POST \/api\/v1\/vault\/entries$/);
  for (const path of ["", "/data", "/code", "/grants"]) await api("GET", `/vault/entries/${made.id}${path}`);
  await api("PUT", `/vault/entries/${made.id}/secret`, { enrolment: uri });
  await api("POST", `/vault/entries/${made.id}/restore-secret`);
  await api("POST", `/vault/entries/${made.id}/confirm`, { code: "000000" });
  await api("POST", "/vault/entries", { name: seed.toLowerCase(), enrolment: `${uri}&period=0` });
  await api("POST", "/vault/import/preview", { text: uri });
  await api("POST", "/vault/import", { text: `${uri}\n${uri}x&algorithm=MD5` });
  await api("POST", "/handles/redeem", { handle: seed });
  await api("GET", "/vault/entries");
  await api("DELETE", `/vault/entries/${id}`);
}

/** Secrets of sources: one that is sent, one that Totem creates, and messages with valid and invalid signatures of both. */
async function playSources(): Promise<void> {
  const token = `planted-${random.bytes(16).toString("hex")}`;
  plantText("Twilio's token", token);
  const twilio = (await api("POST", "/inbox/sources", { kind: "twilio", name: "planted", secret: token }))
    .body;
  await api("POST", "/inbox/sources", { kind: "twilio", name: "planted", secret: token });
  await api("POST", "/inbox/sources", { kind: "pull", name: token, secret: token, [token]: token });
  const { id, secret } = (await api("POST", "/inbox/sources", { kind: "webhook", name: "made" })).body;
  plantText("the secret of a source", secret, /^POST \/api\/v1\/inbox\/sources$/);
  const time = timestampOf(clock.now());
  const bring = (body: string, signature: string) =>
    send("POST", `/hooks/inbox/${id}`, body, {
      "x-totem-timestamp": time,
      "x-totem-signature": signature,
    });
  const code = "804213";
  const body = JSON.stringify({ to: "a@example.com", text: `Your login code is ${code}` });
  plantCode("a code that a source brought", code, /^POST \/api\/v1\/inbox\/wait$|^GET \/v0\/messages$/);
  expect((await bring(body, signHook(secret, time, body))).status).toBe(202);
  await bring(body, signHook(secret, time, body));
  await bring(body, secret);
  await bring(`{"${code}": "${secret}"}`, signHook(secret, time, `{"${code}": "${secret}"}`));
  await send("POST", `/hooks/sms/${twilio.id}`, body, { "x-twilio-signature": token });
  await api("PATCH", `/inbox/sources/${id}`, { disabled: true });
  for (const list of ["/inbox/sources", "/inbox/messages"]) await api("GET", list);
  await api("POST", "/inbox/wait", { address: "a@example.com", look_back_seconds: 60 });
  await api("DELETE", `/inbox/sources/${twilio.id}`);
}

/** A message for an agent, and a run that repeats the code in it. */
async function playInbox(): Promise<void> {
  const graph = agentWorkflow([
    { tool: "wait_for_code" },
    { tool: "platform_api", arguments: { path: "/api/v1/runs/{{wait_for_code.verification_code}}" } },
    { say: "My code is {{wait_for_code.verification_code}}." },
  ] as never);
  graph.nodes.push(node("wait", "wait_for_code", { timeout_seconds: 1 }));
  graph.edges.push(toolEdge("wait"));
  const { slug } = (await api("POST", "/workflows", { name: "Waits", ...graph })).body;
  plantText(
    "the key of an agent that waits",
    (await call(slug, "create")).body.api_key,
    /nodes\/create\/call$/,
  );
  const admin = { authorization: `Bearer ${server.adminKey}` };
  const code = "638157";
  const words = `words of a message ${random.bytes(12).toString("hex")}`;
  const opened = "^GET (/api/v1/inbox|/v0)/messages/[\\w-]+$|^GET /v0/messages$|^POST /v1/credentials/totp$";
  plantCode("a delivered code", code, new RegExp(opened));
  plantText("what a message says", words, new RegExp(`${opened}|/reread$`));
  const push = (content: unknown) =>
    send("POST", "/v1/credentials/totp", { totp_identifier: "agent_waits_agent", content }, admin);
  await push({ [words]: code });
  expect((await push(`Your login code is ${code}. ${words}`)).status).toBe(200);
  expect((await run(slug, "go")).status).toBe("succeeded");
  const [{ id }] = (await api("GET", "/inbox/messages?agent=agent_waits_agent")).body.messages;
  for (const path of ["/inbox/waits", `/inbox/messages/${id}`, "/inbox/messages?agent=agent_waits_agent"])
    await api("GET", path);
  for (const path of ["/v0/messages", `/v0/messages/${id}`, "/v0/threads", "/v1/credentials/totp"])
    await send("GET", path, undefined, admin);
  await api("PATCH", `/inbox/messages/${id}`, { add_labels: ["seen"] });
}

/** An agent of another builder. Its answers contain its key and code, and the builder sends them back as names. */
async function playHost(): Promise<void> {
  const { key } = (await api("POST", "/keys", { name: "a builder", scopes: ["hosts:call"] })).body;
  plantText("the key of a builder", key, /^POST \/api\/v1\/keys$/);
  const place = {
    host: "n8n",
    host_instance: "planted",
    workflow_id: "w1",
    workflow_name: "Hosted",
    agent_node_id: "a1",
  };
  const hosted = (tool: string, more: object = {}) =>
    api("POST", "/host-calls", { ...place, tool, ...more }, key);
  const apiKey = (await hosted("create_agent_user", { config: { reveal: "value" } })).body.api_key;
  plantText("the key of a builder's agent", apiKey, /\/host-calls$/);
  const code = (await hosted("get_totp_code", { config: { reveal: "value" } })).body.totp_code;
  plantCode("the code of a builder's agent", code, /\/host-calls$/);
  await hosted("verify_totp_code", { arguments: { code } });
  await hosted("verify_totp_code", { arguments: { code, username: apiKey } });
  for (const wrong of [
    { workflow_name: key },
    { workflow_id: apiKey },
    { agent_node_id: key },
    { agent_node_id: "a2", agent_node_name: apiKey },
    { tool: apiKey },
    { arguments: { [key]: code } },
    { config: { reveal: apiKey } },
    { host: key },
  ])
    await hosted("create_agent_user", wrong);
  await hosted("create_agent_user", { agent_node_id: "a3", arguments: { purpose: apiKey } });
  for (const path of ["/host-workflows", `/host-workflows?workflow_id=${apiKey}`])
    await api("GET", path, undefined, key);
  await api("GET", "/keys");
}

/** The shared secrets themselves, opened as the server opens them. In a column they are sealed. */
async function plantSharedSecrets(): Promise<void> {
  const db = server.database.kysely;
  const ring = new KeyRing(localKeys(parseMasterKey(masterKey.toString("base64"))), (id) =>
    db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
  );
  for (const row of await db.selectFrom("agent_user").selectAll().execute()) {
    if (row.sealed_secret === row.sealed_api_key) continue;
    const keys = await ring.forWorkspace(row.workspace_id);
    const secret = keys.open(
      { table: "agent_user", rowId: row.id, column: "sealed_secret" },
      row.sealed_secret,
    );
    planted.set(`the shared secret of ${row.username}`, { forms: formsOfBytes(secret), answeredBy: never });
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  server = await startTestServer({
    clock,
    settings: {
      TOTEM_MASTER_KEY: masterKey.toString("base64"),
      TOTEM_AUDIT_STREAMS: pathToFileURL(streamed).href,
      TOTEM_MODEL_URLS: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
    },
  });
  plantText("the administrator's key", server.adminKey);
  planted.set("the master key", { forms: formsOfBytes(masterKey), answeredBy: never });
  plantText("a model key", modelKey);
  await playVault();
  await playSources();
  await playInbox();
  await playHost();
  await playJourney();
  await plantSharedSecrets();
}, 120_000);
afterAll(async () => {
  await server.stop();
  provider.closeAllConnections();
  provider.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Which secrets are found in which texts. */
const found = (texts: Iterable<readonly [string, string]>): string[] =>
  [...texts].flatMap(([where, text]) =>
    [...planted].flatMap(([name, { forms }]) => (hits(text, forms) ? [`${name} in ${where}`] : [])),
  );

describe("E1: after a whole journey at the level debug", () => {
  it("no answer over HTTP carries a secret, but for the one that is meant to", () => {
    const leaks = answers.flatMap(({ request, text }) =>
      [...planted].flatMap(([name, { forms, answeredBy }]) =>
        hits(text, forms) && !answeredBy.test(request) ? [`${name} in ${request}`] : [],
      ),
    );
    expect(leaks).toEqual([]);
    expect(answers.length).toBeGreaterThan(40);
  });

  it("the search finds each secret where it is meant to be", () => {
    for (const [name, { forms, answeredBy }] of planted)
      if (answeredBy !== never)
        expect(
          answers.some(({ request, text }) => answeredBy.test(request) && hits(text, forms)),
          name,
        ).toBe(true);
    expect(
      [...planted.keys()].filter((name) => name.startsWith("the shared secret")).length,
    ).toBeGreaterThanOrEqual(1);
  });

  it("no line of the log does", () => {
    expect(found([["the log", server.log.join("")]])).toEqual([]);
    expect(server.log.length).toBeGreaterThan(2);
    expect(server.log.join("")).toContain("SEALED_VALUE_UNREADABLE");
  });

  it("no column of any table does, when all is over and while a run is under way", async () => {
    const tables = await everyRow(server.database.kysely);
    expect(tables.size).toBeGreaterThan(14);
    expect(midRun.get("public.run_step")?.length).toBeGreaterThan(5);
    for (const rows of [tables, midRun])
      expect(found([...rows].map(([table, lines]) => [table, lines.join("\n")] as const))).toEqual([]);
  });

  it("no run's events do, neither as they happened nor when they are read again", () => {
    expect(streams.join("")).toContain("tool.finished");
    expect(streams.join("")).toContain("••••••");
    expect(found(streams.map((stream) => ["a stream of events", stream] as const))).toEqual([]);
  });

  it("no row of the audit log does, where it is sent on to", async () => {
    const rows = await server.database.kysely.selectFrom("audit_event").select("id").execute();
    const lines = () => readFileSync(streamed, "utf8").trimEnd().split("\n");
    await expect.poll(() => lines().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(rows.length);
    expect(found([["the stream of the audit log", lines().join("\n")]])).toEqual([]);
  });

  it("E2: no answer has a field for a shared secret", () => {
    for (const { request, text } of answers)
      expect(
        /"(secret|shared_secret|sealed_\w+|otpauth\w*|seed|\w+_hash)"\s*:/.test(text) &&
          // Shown once, by the call that created it or got it.
          !/^POST \/api\/(v1\/(vault\/entries|inbox\/sources)|v2\/totp\/secrets)$/.test(request) &&
          !request.endsWith("/node-types") &&
          !request.endsWith("/openapi.json"),
        request,
      ).toBe(false);
  });

  it("no generated file does", () => {
    const files = ["plugin.json", "plugin.schema.json", ...globSync("docs/**/*.md")];
    expect(found(files.map((path) => [path, readFileSync(path, "utf8")] as const))).toEqual([]);
  });
});
