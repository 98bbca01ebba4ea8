import Sendblue from "sendblue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date());
let server: TestServer;
let key: string;
let client: Sendblue;

const clientWith = (secret: string) =>
  new Sendblue({ apiKey: "desk", apiSecret: secret, baseURL: server.url, maxRetries: 0 });

beforeAll(async () => {
  server = await startTestServer({ clock });
  key = (
    await server.api("POST", "/keys", {
      name: "desk",
      scopes: ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete"],
    })
  ).body.key;
  client = clientWith(key);
});
afterAll(() => server.stop());

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

describe("the client of /api/v2/totp, unchanged", () => {
  it("registers a secret, reads its code, lists it without the secret, and deletes it", async () => {
    const { status, totp_secret } = await client.v2.totp.secrets.create({
      label: "ada@example.com",
      issuer: "Example",
      secret: seed.toLowerCase(),
      algorithm: "SHA256",
      digits: 8,
      period: 60,
    });
    expect(status).toBe("OK");
    expect(totp_secret).toMatchObject({
      label: "ada@example.com",
      issuer: "Example",
      algorithm: "SHA256",
      digits: 8,
      period: 60,
      secret: seed,
    });
    const id = totp_secret?.id ?? "";
    const code = await client.v2.totp.getCode(id);
    expect(code.code).toBe(
      independentCode(seed, { algorithm: "SHA256", digits: 8, period: 60 }, clock.now()),
    );
    expect(code.expires_in).toBe(60 - (Math.floor(clock.now().getTime() / 1000) % 60));

    const { totp_secrets } = await client.v2.totp.secrets.list();
    expect(totp_secrets?.map((one) => one.id)).toContain(id);
    expect(JSON.stringify(totp_secrets)).not.toContain("secret");
    expect((await client.v2.totp.secrets.delete(id)).status).toBe("OK");
    await expect(client.v2.totp.getCode(id)).rejects.toMatchObject({ status: 404 });
  });

  it("generates a secret where none is sent, and takes an otpauth URI before everything else", async () => {
    const made = await client.v2.totp.secrets.create({ label: "made here" });
    expect(made.totp_secret?.secret).toMatch(/^[A-Z2-7]{32}$/);
    const secret = made.totp_secret?.secret ?? "";
    const { code } = await client.v2.totp.getCode(made.totp_secret?.id ?? "");
    expect(code).toBe(independentCode(secret, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now()));
    const uri = `otpauth://totp/Bank%3Aada?secret=${seed}&issuer=Bank&digits=8`;
    const pasted = await client.v2.totp.secrets.create({ uri, label: "not this", digits: 6 });
    expect(pasted.totp_secret).toMatchObject({ label: "ada", issuer: "Bank", digits: 8 });
  });

  it("leaves one entry when a create is sent again, whether the secret was sent or made here", async () => {
    const count = async () => (await client.v2.totp.secrets.list()).totp_secrets?.length;
    const before = (await count()) ?? 0;
    const bodies = [{ label: "again", secret: seed }, { label: "again, made here" }];
    for (const body of bodies) {
      const first = await client.v2.totp.secrets.create(body);
      const second = await client.v2.totp.secrets.create(body);
      expect(second.totp_secret?.id).toBe(first.totp_secret?.id);
      if (!("secret" in body)) expect(second.totp_secret?.secret).not.toBe(first.totp_secret?.secret);
      const { code } = await client.v2.totp.getCode(second.totp_secret?.id ?? "");
      expect(code).toMatch(/^\d{6}$/);
    }
    expect(await count()).toBe(before + 2);
    // The same label with another seed is another secret.
    await client.v2.totp.secrets.create({ label: "again", secret: `${seed}AA` });
    expect(await count()).toBe(before + 3);
  });

  it("refuses in its own shape, and repeats nothing that was sent", async () => {
    const wrong = "NOT-BASE-32-0189";
    const refusal = await client.v2.totp.secrets
      .create({ label: "x", secret: wrong })
      .catch((error) => error);
    expect(refusal.status).toBe(400);
    expect(refusal.error.message).toContain("base32");
    expect(JSON.stringify(refusal.error)).not.toContain(wrong);
    await expect(clientWith("nobody").v2.totp.secrets.list()).rejects.toMatchObject({ status: 401 });
    await expect(client.v2.totp.getCode("not-an-id")).rejects.toMatchObject({ status: 404 });
    const reader = await server.api("POST", "/keys", { name: "reader", scopes: ["vault:read"] });
    await expect(clientWith(reader.body.key).v2.totp.secrets.create({ label: "x" })).rejects.toMatchObject({
      status: 403,
    });
  });

  it("can be switched off, and so can the other", async () => {
    const quiet = await startTestServer({ settings: { TOTEM_API_V2: "off", TOTEM_API_V0: "off" } });
    for (const path of ["/api/v2/totp/secrets", "/v0/vault", "/v0/whoami"])
      expect(
        (await quiet.send("GET", path, undefined, { authorization: `Bearer ${quiet.adminKey}` })).status,
      ).toBe(404);
    await quiet.stop();
  });
});
