import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grantPolicy } from "../../../plugin/api/vault.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let reader: string;
let number = 0;

beforeAll(async () => {
  server = await startTestServer({ clock });
  reader = (await server.api("POST", "/keys", { name: "reader", scopes: ["vault:read"] })).body.key;
});
afterAll(() => server.stop());

/** An entry the reader may read under this policy. */
async function granted(policy: object): Promise<string> {
  const name = `entry ${++number}`;
  const { id } = (await server.api("POST", "/vault/entries", { name, one_time: {} })).body;
  const grantee = { kind: "service_key", name: "reader" };
  const { status, body } = await server.api("PUT", `/vault/entries/${id}/grants`, {
    grantee,
    rights: ["codes"],
    policy,
  });
  expect([status, body.grants?.[0]?.policy]).toEqual([200, policy]);
  return id;
}
const read = async (id: string) => {
  const { status, body } = await server.as(reader)("GET", `/vault/entries/${id}/code`);
  return status === 200 ? "ok" : body.code;
};

describe("D12: the policy of a grant", () => {
  it("allows everything when it says nothing, and nothing when it says deny", async () => {
    expect(await read(await granted({}))).toBe("ok");
    expect(await read(await granted({ decision: "auto" }))).toBe("ok");
    expect(await read(await granted({ decision: "deny" }))).toBe("POLICY_REFUSED");
  });

  it("keeps to hours of the day in a time zone, also over midnight", async () => {
    clock.set(new Date("2026-07-01T12:00:00Z"));
    const hours = (from: string, to: string, time_zone = "UTC") => ({ hours: { from, to, time_zone } });
    for (const [policy, answer] of [
      [hours("08:00", "18:00"), "ok"],
      [hours("12:00", "12:01"), "ok"],
      [hours("08:00", "12:00"), "POLICY_REFUSED"],
      [hours("22:00", "06:00"), "POLICY_REFUSED"],
      [hours("11:00", "06:00"), "ok"],
      [hours("14:00", "15:00", "Europe/Vienna"), "ok"],
      [hours("12:00", "13:00", "Europe/Vienna"), "POLICY_REFUSED"],
    ] as const)
      expect([policy, await read(await granted(policy))]).toEqual([policy, answer]);
  });

  it("keeps to the workflows it names", async () => {
    expect(await read(await granted({ workflows: [random.uuid()] }))).toBe("POLICY_REFUSED");
  });

  it("keeps to so many reads an hour, also when they come at once", async () => {
    const id = await granted({ max_reads_per_hour: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => read(id)));
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(3);
    expect(await read(id)).toBe("RATE_LIMITED");
    clock.advance(60 * 60 + 1);
    expect(await read(id)).toBe("ok");
  });

  it("is refused where it cannot be understood", async () => {
    const id = await granted({});
    for (const policy of [
      { hours: { from: "25:00", to: "06:00" } },
      { hours: { from: "01:00", to: "06:00", time_zone: "Nowhere/Land" } },
      // East to some and west to others, the database among them.
      ...["+05:30", "-05", "+0530", "EST5EDT,M3.2.0,M11.1.0", "europe/vienna", ""].map((time_zone) => ({
        hours: { from: "01:00", to: "06:00", time_zone },
      })),
      { max_reads_per_hour: 0 },
      { decision: "perhaps" },
      { other: 1 },
    ]) {
      const body = { grantee: { kind: "service_key", name: "reader" }, rights: ["codes"], policy };
      expect((await server.api("PUT", `/vault/entries/${id}/grants`, body)).body.code).toBe("INPUT_INVALID");
      // Before the database is asked, too.
      expect([policy, grantPolicy.safeParse(policy).success]).toEqual([policy, false]);
    }
  });

  it("takes no time zone by which the database cannot judge", async () => {
    const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];
    const { rows } = await sql<{ name: string }>`
      select name from unnest(${zones}::text[]) name
      where name not in (select name from pg_timezone_names)`.execute(server.database.kysely);
    for (const { name } of rows) {
      const body = {
        grantee: { kind: "service_key", name: "reader" },
        rights: ["codes"],
        policy: { hours: { from: "01:00", to: "06:00", time_zone: name } },
      };
      const id = await granted({});
      expect((await server.api("PUT", `/vault/entries/${id}/grants`, body)).body).toMatchObject({
        code: "INPUT_INVALID",
        errors: [{ field: "policy.hours.time_zone" }],
      });
    }
    // Nearly all are known to both.
    expect(rows.length).toBeLessThan(10);
    const judged = zones.filter((zone) => !rows.some(({ name }) => name === zone));
    await sql`select now() at time zone name from unnest(${judged}::text[]) name`.execute(
      server.database.kysely,
    );
  });

  it("stays when only the rights are changed", async () => {
    const id = await granted({ decision: "deny" });
    const grantee = { kind: "service_key", name: "reader" };
    await server.api("PUT", `/vault/entries/${id}/grants`, { grantee, rights: ["codes", "data"] });
    expect(await read(id)).toBe("POLICY_REFUSED");
  });

  it("does not bind the owner or an administrator", async () => {
    const id = await granted({ decision: "deny" });
    expect((await server.api("GET", `/vault/entries/${id}/code`)).status).toBe(200);
  });
});

describe("D13: a read that a person has to approve", () => {
  const questions = async () => (await server.api("GET", "/vault/approvals")).body.approvals;

  it("waits, is asked once, and is good for one read after a yes", async () => {
    const id = await granted({ decision: "approve" });
    expect([await read(id), await read(id)]).toEqual(["APPROVAL_NEEDED", "APPROVAL_NEEDED"]);
    const asked = (await questions()).filter(({ entry }: { entry: { id: string } }) => entry.id === id);
    expect(asked).toMatchObject([{ reader: "reader", run_id: null }]);
    expect((await server.api("POST", `/vault/approvals/${asked[0].id}/approve`)).status).toBe(204);
    expect((await server.api("POST", `/vault/approvals/${asked[0].id}/deny`)).body.code).toBe(
      "APPROVAL_DECIDED",
    );
    const answers = await Promise.all([read(id), read(id), read(id)]);
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
  });

  it("stays refused after a no, and can be asked for again when the question is too old", async () => {
    const id = await granted({ decision: "approve" });
    const about = async () =>
      (await questions()).filter(({ entry }: { entry: { id: string } }) => entry.id === id);
    await read(id);
    const [question] = await about();
    await server.api("POST", `/vault/approvals/${question.id}/deny`);
    expect(await read(id)).toBe("APPROVAL_NEEDED");
    expect(await about()).toEqual([]);
    clock.advance(15 * 60 + 1);
    await read(id);
    const [again] = await about();
    clock.advance(15 * 60 + 1);
    expect((await server.api("POST", `/vault/approvals/${again.id}/approve`)).body.code).toBe(
      "APPROVAL_DECIDED",
    );
  });

  it("is bound to its run: a yes to one opens nothing to another", async () => {
    const id = await granted({ decision: "approve" });
    const db = server.database.kysely;
    await read(id);
    const [question] = await questions();
    await db
      .updateTable("vault_approval")
      .set({ run_id: random.uuid() })
      .where("id", "=", question.id)
      .execute();
    await server.api("POST", `/vault/approvals/${question.id}/approve`);
    expect(await read(id)).toBe("APPROVAL_NEEDED");
  });

  it("is answered by those who manage the entry and by nobody else", async () => {
    const id = await granted({ decision: "approve" });
    await read(id);
    const [question] = (await questions()).filter(({ entry }: { entry: { id: string } }) => entry.id === id);
    const stranger = (await server.api("POST", "/keys", { name: "stranger", scopes: ["vault:write"] })).body
      .key;
    expect((await server.as(stranger)("GET", "/vault/approvals")).body.approvals).toEqual([]);
    expect((await server.as(stranger)("POST", `/vault/approvals/${question.id}/approve`)).body.code).toBe(
      "APPROVAL_NOT_FOUND",
    );
    expect((await server.as(reader)("POST", `/vault/approvals/${question.id}/approve`)).body.code).toBe(
      "FORBIDDEN",
    );
  });
});
