import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grantPolicy } from "../../../plugin/api/vault.ts";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let reader: string;
let number = 0;

beforeAll(async () => {
  server = await startTestServer({ clock });
  reader = (await server.api("POST", "/keys", { name: "reader", scopes: ["vault:read", "vault:backup"] }))
    .body.key;
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
  let person: AddedPerson;
  beforeAll(async () => {
    person = await addPerson(server, { roles: ["operator"] });
  });
  const about = async (id: string) =>
    (await person.send("GET", "/approvals")).body.approvals.filter(
      ({ subject }: { subject: { id: string } }) => subject.id === id,
    );
  const answer = (id: string, decision: "approve" | "deny") =>
    person.send("POST", `/approvals/${id}`, { decision }, { "x-totem-code": person.code() });

  it("waits, is asked once, and is good for one read after a yes", async () => {
    const id = await granted({ decision: "approve" });
    expect([await read(id), await read(id)]).toEqual(["APPROVAL_NEEDED", "APPROVAL_NEEDED"]);
    const asked = await about(id);
    expect(asked).toMatchObject([{ reader: "reader", run_id: null, may_answer: true }]);
    expect((await answer(asked[0].id, "approve")).body).toMatchObject({ state: "approved" });
    expect((await answer(asked[0].id, "deny")).body.code).toBe("APPROVAL_DECIDED");
    const answers = await Promise.all([read(id), read(id), read(id)]);
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
  });

  it("stays refused after a no, and can be asked for again when the answer is too old", async () => {
    const id = await granted({ decision: "approve" });
    await read(id);
    const [question] = await about(id);
    await answer(question.id, "deny");
    expect(await read(id)).toBe("APPROVAL_DENIED");
    expect(await about(id)).toEqual([]);
    clock.advance(15 * 60 + 1);
    await read(id);
    const [again] = await about(id);
    clock.advance(15 * 60 + 1);
    expect((await answer(again.id, "approve")).body.code).toBe("APPROVAL_DECIDED");
  });

  it("is answered by people of the policy, by no program, and not without a fresh proof", async () => {
    const id = await granted({ decision: "approve" });
    await read(id);
    const [question] = await about(id);
    const path = `/approvals/${question.id}`;
    const builder = await addPerson(server, { roles: ["builder"] });
    expect((await builder.send("GET", "/approvals")).body).toMatchObject({ approvals: [], for_you: 0 });
    expect((await builder.send("POST", path, { decision: "approve" })).body.code).toBe("APPROVAL_NOT_FOUND");
    expect((await server.api("POST", path, { decision: "approve" })).body.code).toBe("FORBIDDEN");
    expect((await server.as(reader)("POST", path, { decision: "approve" })).body.code).toBe("FORBIDDEN");
    await person.forgetProof();
    expect((await person.send("POST", path, { decision: "approve" })).body.code).toBe("FRESH_PROOF_NEEDED");
    expect(await read(id)).toBe("APPROVAL_NEEDED");
  });
});
