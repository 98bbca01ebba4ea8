import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date());
let server: TestServer;
let key: string;

const seed = "JBSWY3DPEHPK3PXP";
const sha1 = { algorithm: "SHA1", digits: 6, period: 30 } as const;

const addKey = async (name: string, scopes: string[]): Promise<string> =>
  (await server.api("POST", "/keys", { name, scopes })).body.key;

/** As its clients do: always with a JSON content type, also where there is no body. */
const v0 = (method: string, path: string, body?: unknown, as = key) =>
  server.send(method, `/v0${path}`, body, {
    authorization: `Bearer ${as}`,
    "content-type": "application/json",
  });

beforeAll(async () => {
  server = await startTestServer({ clock });
  key = await addKey("sales", ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete"]);
});
afterAll(() => server.stop());

describe("/v0/vault", () => {
  it("stores a login with its seed, reads it back without, and gives its code twice named", async () => {
    const put = await v0("PUT", "/vault/github-login", {
      type: "LOGIN",
      data: { username: "agent-sales", password: "s3cur3-p@ss", secret: seed },
      metadata: { service: "github" },
    });
    expect(put.status).toBe(200);
    expect(Object.keys(put.body)).toEqual(
      expect.arrayContaining([
        "credentialId",
        "type",
        "name",
        "metadata",
        "expiresAt",
        "lastUsedAt",
        "lastRotatedAt",
        "createdAt",
      ]),
    );
    expect(put.text).not.toContain("s3cur3");
    const { status, body } = await v0("GET", "/vault/github-login/totp");
    expect(status).toBe(200);
    expect(body.code).toBe(independentCode(seed, sha1, clock.now()));
    expect(body.remaining).toBe(body.remainingSeconds);
    expect(body.remaining).toBe(30 - (Math.floor(clock.now().getTime() / 1000) % 30));
    const read = await v0("GET", "/vault/github-login");
    expect(read.body.data).toEqual({ username: "agent-sales", password: "s3cur3-p@ss", hasTotp: true });
    expect(read.text).not.toContain(seed);
    const list = await v0("GET", "/vault");
    expect(list.body.count).toBe(list.body.credentials.length);
    expect(list.text).not.toMatch(/s3cur3|JBSWY3|"data"/);
  });

  it("stores an otpauth URI under a label, and replaces it: the old seed gives no code any more", async () => {
    const uri = (secret: string) => `otpauth://totp/Service:user@example.com?secret=${secret}&issuer=Service`;
    const other = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    expect([200, 201]).toContain(
      (await v0("POST", "/vault", { label: "crm-totp", otpauth: uri(seed) })).status,
    );
    await v0("POST", "/vault", { label: "crm-totp", otpauth: uri(other) });
    const { body } = await v0("GET", "/vault/crm-totp/totp");
    expect(body.code).toBe(independentCode(other, sha1, clock.now()));
    expect(
      (await v0("GET", "/vault")).body.credentials.filter((one: { name: string }) => one.name === "crm-totp"),
    ).toHaveLength(1);
  });

  it("keeps the seed when what was read is put back, and drops it when it is left out", async () => {
    await v0("PUT", "/vault/round-trip", { type: "LOGIN", data: { password: "one", secret: seed } });
    const { data } = (await v0("GET", "/vault/round-trip")).body;
    await v0("PUT", "/vault/round-trip", { type: "LOGIN", data: { ...data, password: "two" } });
    expect((await v0("GET", "/vault/round-trip/totp")).status).toBe(200);
    await v0("PUT", "/vault/round-trip", { type: "LOGIN", data: { password: "three" } });
    expect(await v0("GET", "/vault/round-trip/totp")).toMatchObject({
      status: 400,
      body: { error: "bad_request" },
    });
  });

  it("takes backup codes in their order, counts them, and shows the taken ones as used", async () => {
    const backupCodes = ["aaaa-1111", "bbbb-2222"];
    await v0("PUT", "/vault/bank", { type: "LOGIN", data: { secret: seed, backupCodes } });
    expect((await v0("GET", "/vault/bank/totp")).body.backupCodesRemaining).toBe(2);
    expect(await v0("POST", "/vault/bank/totp/backup")).toMatchObject({
      status: 200,
      body: { code: "aaaa-1111", remaining: 1 },
    });
    expect((await v0("GET", "/vault/bank")).body.data).toMatchObject({
      backupCodes: ["bbbb-2222"],
      usedBackupCodes: ["aaaa-1111"],
    });
    expect((await v0("POST", "/vault/bank/totp/backup")).body.remaining).toBe(0);
    expect(await v0("POST", "/vault/bank/totp/backup")).toMatchObject({
      status: 400,
      body: { error: "bad_request" },
    });
  });

  it("keeps every type, and what is called secret in them that is no seed", async () => {
    for (const type of [
      "API_KEY",
      "OAUTH",
      "SSH_KEY",
      "DATABASE",
      "SMTP",
      "AWS",
      "CERTIFICATE",
      "CARD",
      "SHIPPING_ADDRESS",
      "CUSTOM",
    ]) {
      const data = { clientId: "id", secret: `of ${type}` };
      expect((await v0("PUT", `/vault/${type}`, { type, data, expiresAt: "2099-01-01" })).body).toMatchObject(
        {
          type,
          expiresAt: "2099-01-01T00:00:00.000Z",
        },
      );
      expect((await v0("GET", `/vault/${type}`)).body.data).toEqual(data);
    }
  });

  it("takes a time or a day to expire at, in years that every database holds", async () => {
    const put = (expiresAt: unknown) => v0("PUT", "/vault/dated", { type: "CUSTOM", data: {}, expiresAt });
    for (const [sent, kept] of [
      ["2999-12-31", "2999-12-31T00:00:00.000Z"],
      ["2099-01-01T02:00:00+02:00", "2099-01-01T00:00:00.000Z"],
      ["1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000Z"],
      [null, null],
    ])
      expect((await put(sent)).body.expiresAt).toBe(kept);
    for (const sent of [
      "1899-12-31",
      "3000-01-01",
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "tomorrow",
    ])
      expect([sent, (await put(sent)).status]).toEqual([sent, 400]);
  });

  it("deletes with an empty body, and after that there is nothing", async () => {
    await v0("PUT", "/vault/gone", { type: "CUSTOM", data: {} });
    const deleted = await v0("DELETE", "/vault/gone");
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    for (const [method, path] of [
      ["GET", "/vault/gone"],
      ["GET", "/vault/gone/totp"],
      ["POST", "/vault/gone/totp/backup"],
      ["DELETE", "/vault/gone"],
    ] as const)
      expect(await v0(method, path)).toMatchObject({ status: 404, body: { error: "not_found" } });
  });

  it("refuses in its own shape, and repeats nothing that was sent", async () => {
    const canary = "CANARY0189";
    for (const [path, body] of [
      ["/vault/x", { type: "LOGIN", data: { secret: canary } }],
      ["/vault/x", { type: canary, data: {} }],
      ["/vault/x", { type: "LOGIN", data: canary }],
      ["/vault/x", { type: "LOGIN", data: { backupCodes: canary } }],
      ["/vault/x", `{"type": "${canary}`],
    ] as const) {
      const { status, body: answer, text } = await v0("PUT", path, body);
      expect([status, answer.error]).toEqual([400, "bad_request"]);
      expect(text).not.toContain(canary);
    }
    expect((await v0("GET", "/vault", undefined, "nobody")).body).toMatchObject({ error: "unauthorized" });
    expect((await v0("GET", "/vault", undefined, "nobody")).status).toBe(401);
    const reader = await addKey("reader", ["vault:read"]);
    expect(await v0("PUT", "/vault/y", { type: "CUSTOM", data: {} }, reader)).toMatchObject({
      status: 403,
      body: { error: "forbidden" },
    });
  });

  it("shows one key nothing of another's, by name or in the list", async () => {
    const other = await addKey("support", [
      "vault:read",
      "vault:write",
      "vault:open",
      "vault:backup",
      "vault:delete",
      "codes:read",
    ]);
    await v0("PUT", "/vault/private", { type: "LOGIN", data: { secret: seed } });
    for (const path of ["/vault/private", "/vault/private/totp"])
      expect((await v0("GET", path, undefined, other)).status).toBe(404);
    expect((await v0("GET", "/vault", undefined, other)).body).toEqual({ credentials: [], count: 0 });
    // And a name is its owner's.
    await v0("PUT", "/vault/private", { type: "CUSTOM", data: { mine: true } }, other);
    expect((await v0("GET", "/vault/private", undefined, other)).body.data).toEqual({ mine: true });
    expect((await v0("GET", "/vault/private/totp")).status).toBe(200);
  });
});

describe("/v0/whoami and /v0/logs", () => {
  it("say whose key it is and what it did, a page at a time", async () => {
    const mine = await addKey("logger", [
      "vault:read",
      "vault:write",
      "vault:open",
      "vault:backup",
      "vault:delete",
    ]);
    await v0("PUT", "/vault/one", { type: "LOGIN", data: { secret: seed } }, mine);
    for (let time = 0; time < 3; time++) await v0("GET", "/vault/one/totp", undefined, mine);
    await v0("GET", "/vault/nothing", undefined, mine);
    const who = (await v0("GET", "/whoami", undefined, mine)).body;
    expect(who).toMatchObject({
      name: "logger",
      scopes: ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete"],
      wallet: null,
    });
    expect(who.usageCount).toBeGreaterThan(4);
    expect(typeof who.identityId).toBe("string");

    const first = (await v0("GET", "/logs?limit=2", undefined, mine)).body;
    expect(first.count).toBe(2);
    expect(first.logs[0]).toMatchObject({ category: "VAULT", status: "FAILURE" });
    const second = (await v0("GET", `/logs?limit=100&pageToken=${first.nextPageToken}`, undefined, mine))
      .body;
    expect(second.nextPageToken).toBeUndefined();
    const reads = (await v0("GET", "/logs?action=vault.code_read&status=SUCCESS", undefined, mine)).body;
    expect(reads.count).toBe(3);
    const stats = (await v0("GET", "/logs/stats", undefined, mine)).body;
    expect(stats).toEqual({
      total: stats.today,
      today: stats.total,
      errors: 1,
      byCategory: { VAULT: stats.total },
    });
    expect(first.count + second.count).toBe(stats.total);
    expect((await v0("GET", "/logs", undefined, await addKey("silent", ["vault:read"]))).body.logs).toEqual(
      [],
    );
  });
});

it("one entry is there in every dialect, and an agent's key has a vault of its own", async () => {
  const made = await server.send(
    "POST",
    "/api/v2/totp/secrets",
    { label: "shared", secret: seed },
    { "sb-api-key-id": "any", "sb-api-secret-key": key },
  );
  const { id } = made.body.totp_secret;
  const code = independentCode(seed, sha1, clock.now());
  expect((await v0("GET", "/vault/shared/totp")).body.code).toBe(code);
  const own = await server.as(key)("GET", `/vault/entries/${id}/code`);
  expect(own.body).toMatchObject({ code, name: "shared" });
  expect(own.body.server_time).toBe(clock.now().toISOString());
  expect((await server.api("GET", `/vault/entries/${id}`)).body.owner).toEqual({
    kind: "service_key",
    name: "sales",
  });
});
