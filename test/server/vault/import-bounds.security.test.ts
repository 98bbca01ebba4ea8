import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** An export of 2FAS with so many second factors of one name. */
const exported = (count: number, name = "Same") =>
  JSON.stringify({
    schemaVersion: 4,
    services: Array.from({ length: count }, () => ({ name, secret: seed, otp: { tokenType: "TOTP" } })),
  });
const imported = (text: string) => server.api("POST", "/vault/import", { text });
const countOf = async () =>
  (await server.database.kysely.selectFrom("vault_entry").select("id").execute()).length;

it("takes a thousand second factors of one name at once, and gives each a name of its own", async () => {
  await server.api("POST", "/vault/entries", { name: "Same 3" });
  const { status, body } = await imported(exported(1_000));
  expect(status).toBe(201);
  const names = body.entries.map(({ name }: { name: string }) => name);
  expect(new Set(names).size).toBe(1_000);
  expect(names.slice(0, 4)).toEqual(["Same", "Same 2", "Same 4", "Same 5"]);
  expect((await imported(exported(2))).body.entries.map(({ name }: { name: string }) => name)).toEqual([
    "Same 1002",
    "Same 1003",
  ]);
});

it("refuses more than a thousand, and keeps none of them", async () => {
  const before = await countOf();
  const { status, body } = await imported(exported(1_001, "Many"));
  expect([status, body.code]).toEqual([400, "INPUT_INVALID"]);
  expect(body.errors).toEqual([{ field: "indexes", problem: "At most 1000 entries at once." }]);
  expect(await countOf()).toBe(before);
});

it("refuses a counter from which counting on would not be exact, wherever it is pasted", async () => {
  const uri = (counter: number) => `otpauth://hotp/Service:ada?secret=${seed}&counter=${counter}`;
  const add = (counter: number, name: string) =>
    server.api("POST", "/vault/entries", { name, enrolment: uri(counter) });
  expect((await add(2 ** 48, "greatest")).status).toBe(201);
  for (const { status, body } of [
    await add(2 ** 48 + 1, "greater"),
    await imported(uri(2 ** 48 + 1)),
    await server.send(
      "POST",
      "/v0/vault",
      { label: "greater", otpauth: uri(Number.MAX_SAFE_INTEGER) },
      { authorization: `Bearer ${server.adminKey}` },
    ),
  ]) {
    expect([status, body.code]).toEqual([400, "ENROLMENT_REFUSED"]);
    expect(JSON.stringify(body)).toContain("The counter must be at most");
  }
  const fields = { name: "fields", one_time: { type: "hotp", counter: 2 ** 48 + 1 } };
  expect((await server.api("POST", "/vault/entries", fields)).body.code).toBe("INPUT_INVALID");
});
