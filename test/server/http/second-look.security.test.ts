import { afterAll, beforeAll, expect, it } from "vitest";
import { readOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { hostKey } from "../../support/host-calls.ts";
import { independentCode } from "../../support/independent-code.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { openApiRoutes } from "../../support/openapi-routes.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { routeTable } from "../../support/route-table.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let owner: PersonSession;
let secret: string;

const code = () => independentCode(secret, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
const send = (name: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  server.send(name.split(" ")[0] ?? "GET", path, body, {
    cookie: owner.cookie,
    "x-totem-proof": owner.proof,
    ...headers,
  });

/** One request of a route that needs a second look, made possible by what was done before it. */
interface Step {
  readonly route: string;
  readonly values?: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  readonly body?: () => object;
  /** What the answer is with a proof, where the request cannot succeed in a test. Absent: it succeeds. */
  readonly answers?: string;
}

const first = async (path: string, list: string, key = "id"): Promise<string> =>
  (await server.api("GET", path)).body[list].at(-1)[key];
let entry: string;
let username: string;
let reader: string;
const ofEntry = () => ({ id: entry });
const ofAgent = () => ({ username });
/** Of no one: its private key was never stored. */
const publicKey = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  kid: "1",
};
let ruleOfLast: object;
const noSuchId = "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f";
const person = { name: "Bea", email: "bea@example.com", roles: ["auditor"] };

const steps: readonly Step[] = [
  { route: "POST /api/v1/people", body: () => person },
  {
    route: "PATCH /api/v1/people/{id}",
    values: async () => ({ id: await first("/people", "people") }),
    body: () => ({ roles: ["builder"] }),
  },
  { route: "DELETE /api/v1/people/{id}", values: async () => ({ id: await first("/people", "people") }) },
  {
    route: "POST /api/v1/people/invitations",
    body: () => ({ email: "cleo@example.com", roles: ["auditor"] }),
  },
  {
    route: "DELETE /api/v1/people/invitations/{id}",
    values: async () => ({ id: await first("/people/invitations", "invitations") }),
  },
  {
    route: "PUT /api/v1/settings/single-sign-on",
    body: () => ({ issuer: "http://127.0.0.1:1", client_id: "totem" }),
    answers: "INPUT_INVALID",
  },
  { route: "DELETE /api/v1/settings/single-sign-on", answers: "SINGLE_SIGN_ON_MISSING" },
  { route: "POST /api/v1/settings/mail/test", body: () => ({ what: "smtp" }) },
  { route: "PUT /api/v1/settings/approval-webhook", body: () => ({ url: "https://hooks.example.com/x" }) },
  { route: "DELETE /api/v1/settings/approval-webhook" },
  { route: "POST /api/v1/keys", body: () => ({ name: "made", scopes: ["codes:read"] }) },
  {
    route: "POST /api/v1/keys/{id}/rotate",
    values: async () => ({ id: await first("/keys", "keys") }),
    body: () => ({}),
  },
  {
    route: "PATCH /api/v1/host-installations/{id}",
    values: async () => ({ id: await first("/host-installations", "installations") }),
    body: () => ({ requires_signature: true }),
  },
  {
    route: "DELETE /api/v1/host-installations/{id}",
    values: async () => ({ id: await first("/host-installations", "installations") }),
    answers: "INSTALLATION_IN_USE",
  },
  {
    route: "POST /api/v1/host-key-pairs/{id}/confirm",
    values: () => ({ id: noSuchId }),
    body: () => ({ fingerprint: "0000" }),
    answers: "KEY_PAIR_NOT_FOUND",
  },
  {
    route: "DELETE /api/v1/host-key-pairs/{id}",
    values: () => ({ id: noSuchId }),
    answers: "KEY_PAIR_NOT_FOUND",
  },
  { route: "POST /api/v1/workspaces", body: () => ({ name: "another" }) },
  { route: "POST /api/v1/model-keys", body: () => ({ name: "m", provider: "openai", key: "x" }) },
  { route: "PUT /api/v1/model-keys/{name}", values: () => ({ name: "m" }), body: () => ({ key: "y" }) },
  {
    route: "POST /api/v1/workload-identity/issuers",
    body: () => ({
      name: "Runners",
      kind: "oidc",
      issuer: "https://id.example.com",
      jwks: { keys: [publicKey] },
    }),
  },
  {
    route: "PUT /api/v1/workload-identity/issuers/{id}",
    values: async () => ({ id: await first("/workload-identity", "issuers") }),
    body: () => ({
      name: "Cluster",
      kind: "oidc",
      issuer: "https://id.example.com",
      jwks: { keys: [publicKey] },
    }),
  },
  { route: "POST /api/v1/workload-identity/rules", body: () => ruleOfLast },
  {
    route: "PUT /api/v1/workload-identity/rules/{id}",
    values: async () => ({ id: await first("/workload-identity", "rules") }),
    body: () => ruleOfLast,
  },
  {
    route: "DELETE /api/v1/workload-identity/rules/{id}",
    values: async () => ({ id: await first("/workload-identity", "rules") }),
  },
  {
    route: "DELETE /api/v1/workload-identity/issuers/{id}",
    values: async () => ({ id: await first("/workload-identity", "issuers") }),
  },
  { route: "POST /api/v1/proxy-credentials", body: () => ({ agent_user: username }) },
  { route: "POST /api/v1/mcp-tokens", body: () => ({ agent_user: username }) },
  {
    route: "PATCH /api/v1/agent-users/{username}",
    values: ofAgent,
    body: () => ({ scopes: ["codes:read", "mail:read"] }),
  },
  { route: "POST /api/v1/agent-users/{username}/rotate-key", values: ofAgent, body: () => ({}) },
  { route: "POST /api/v1/agent-users/{username}/grants", values: ofAgent, body: () => ({ reader }) },
  {
    route: "PUT /api/v1/agent-users/{username}/ask",
    values: ofAgent,
    body: () => ({ ask: { roles: ["operator"] } }),
  },
  { route: "GET /api/v1/audit-events/export" },
  { route: "GET /api/v1/vault/entries/{id}/data", values: ofEntry },
  { route: "GET /api/v1/vault/entries/{id}/qr", values: ofEntry },
  { route: "POST /api/v1/vault/entries/{id}/backup-code", values: ofEntry },
  {
    route: "PUT /api/v1/vault/entries/{id}/secret",
    values: ofEntry,
    body: () => ({ one_time: {} }),
  },
  { route: "POST /api/v1/vault/entries/{id}/restore-secret", values: ofEntry },
  { route: "POST /api/v1/vault/take-origins" },
  {
    route: "PUT /api/v1/vault/entries/{id}/grants",
    values: ofEntry,
    body: () => ({ grantee: { kind: "role", name: "builder" }, rights: ["codes"] }),
  },
  {
    route: "PUT /api/v1/vault/entries/{id}/ask",
    values: ofEntry,
    body: () => ({ ask: { roles: ["operator"] } }),
  },
  {
    route: "POST /api/v1/approvals/{id}",
    values: () => ({ id: "3d3e2f0a-0000-4000-8000-000000000001" }),
    body: () => ({ decision: "approve" }),
    answers: "APPROVAL_NOT_FOUND",
  },
  { route: "PUT /api/v1/inbox/second-opinion", body: () => ({ model: null }) },
  {
    route: "PATCH /api/v1/inbox/mailboxes/{id}",
    values: async () => ({ id: await first("/inbox/mailboxes", "mailboxes") }),
    body: () => ({ roles: ["builder"] }),
  },
  { route: "POST /api/v1/inbox/sources", body: () => ({ kind: "webhook", name: "made" }) },
  {
    route: "PATCH /api/v1/inbox/sources/{id}",
    values: async () => ({ id: await first("/inbox/sources", "sources") }),
    body: () => ({ disabled: true }),
  },
  {
    route: "POST /v0/vault",
    body: () => ({ label: "v0", otpauth: "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" }),
  },
  {
    route: "PUT /v0/vault/{name}",
    values: () => ({ name: "v0" }),
    body: () => ({ type: "LOGIN", data: { password: "p", backupCodes: ["one", "two"] } }),
  },
  { route: "GET /v0/vault/{name}", values: () => ({ name: "v0" }) },
  { route: "POST /v0/vault/{name}/totp/backup", values: () => ({ name: "v0" }) },
];

/** All that is stored but the log, and when a session or a server was last seen. */
async function stored(): Promise<string> {
  const rows = await everyRow(server.database.kysely);
  return [...rows]
    .filter(
      ([table]) =>
        !/\.(audit_event|audit_key|audit_seal|run_process|studio_session)$|^boss\.|^pgboss\./.test(table),
    )
    .map(([table, values]) => `${table}\n${values.join("\n")}`)
    .join("\n");
}

beforeAll(async () => {
  server = await startTestServer({ clock });
  owner = await signInPerson(server);
  const made = await owner.send("POST", "/auth/second-step");
  const read = readOtpauthUri(made.body.otpauth_uri);
  if (!("secret" in read)) throw new Error("The URI cannot be read.");
  secret = read.secret;
  await owner.send("POST", "/auth/second-step/confirm", { code: code() });
  const slug = await server.addWorkflow(agentWorkflow(), "Looked at");
  username = (await server.call(slug, "create")).body.username;
  const other = await server.addWorkflow(agentWorkflow(), "Reader");
  reader = (await server.call(other, "create")).body.username;
  const body = { name: "bank", data: { password: "p" }, one_time: {}, backup_codes: ["one", "two"] };
  entry = (await server.api("POST", "/vault/entries", body)).body.id;
  const audit = { name: "Auditor of the cluster", kind: "oidc", issuer: "https://cluster.example.com" };
  const trusted = await owner.send(
    "POST",
    "/workload-identity/issuers",
    { ...audit, jwks: { keys: [publicKey] } },
    { "x-totem-code": code() },
  );
  ruleOfLast = {
    name: "Robot",
    issuer_id: trusted.body.id,
    audience: "totem",
    conditions: [{ claim: "sub", matches: "robot" }],
    target: { agent_user: username },
  };
  await server.api("POST", "/inbox/mailboxes", { address: "desk@example.com" });
  await hostKey(server, "n8n", { host: "n8n", host_instance: "main" });
});
afterAll(() => server.stop());

it("H3: asks for it on every route of the list, and on no route that is missing from it", () => {
  const listed = Object.entries(routeTable).flatMap(([name, rule]) => (rule.fresh ? [name] : []));
  expect(steps.map(({ route }) => route).sort()).toEqual(listed.sort());
});

it("H3: says so in the OpenAPI document, with how to give it", async () => {
  const { paths } = (await server.send("GET", "/openapi.json")).body;
  for (const { name, method, path } of await openApiRoutes(server)) {
    const { description = "" } = paths[path][method.toLowerCase()];
    expect(description.includes("x-totem-code"), name).toBe(routeTable[name]?.fresh === true);
  }
});

it.each(steps)(
  "H3: refuses $route with a proof of 11 minutes ago and changes nothing, and takes it with a code",
  async ({ route, values, body, answers }) => {
    clock.advance(11 * 60);
    const named = (await values?.()) ?? {};
    const path = (route.split(" ")[1] ?? "").replaceAll(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(named[key] ?? ""),
    );
    const before = await stored();
    const refused = await send(route, path, body?.());
    expect([refused.status, refused.body.code]).toEqual([403, "FRESH_PROOF_NEEDED"]);
    if (path.startsWith("/api/v1/"))
      expect(refused.body.proof).toEqual({
        header: "x-totem-code",
        url: "/api/v1/people/me/proof",
        passkey_url: "/api/v1/people/me/proof/passkey/options",
        ways: ["code"],
        good_for_seconds: 600,
      });
    expect(await stored()).toBe(before);
    const taken = await send(route, path, body?.(), { "x-totem-code": code() });
    if (answers === undefined) expect(taken.status, taken.text).toBeLessThan(300);
    else expect(taken.body.code).toBe(answers);
  },
);

it("H3: one proof is good for ten minutes, and no longer", async () => {
  clock.advance(11 * 60);
  expect((await owner.send("POST", "/people/me/proof", { code: code() })).status).toBe(200);
  const data = () => owner.send("GET", `/vault/entries/${entry}/data`);
  clock.advance(10 * 60);
  expect((await data()).status).toBe(200);
  clock.advance(1);
  expect((await data()).body.code).toBe("FRESH_PROOF_NEEDED");
});

it("H3: asks a person who calls tools over MCP too, and no program", async () => {
  clock.advance(11 * 60);
  const headers = { cookie: owner.cookie, "x-totem-proof": owner.proof };
  const asPerson = await connectMcp(server, { headers });
  const open = { name: "bank" };
  expect(await asPerson.call("vault_get", open)).toMatchObject({
    ok: false,
    body: { code: "FRESH_PROOF_NEEDED" },
  });
  await owner.send("POST", "/people/me/proof", { code: code() });
  expect((await asPerson.call("vault_get", open)).ok).toBe(true);
  const asKey = await connectMcp(server, { key: server.adminKey });
  expect((await asKey.call("vault_get", open)).ok).toBe(true);
});
