import { afterAll, beforeAll, expect, it } from "vitest";
import type { AgentUserRow } from "../../../server/database/tables.ts";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

const rowOf = (username: string) =>
  rooms.db.selectFrom("agent_user").selectAll().where("username", "=", username).executeTakeFirstOrThrow();
const change = (id: string, values: Partial<Pick<AgentUserRow, "sealed_secret" | "sealed_api_key">>) =>
  rooms.db.updateTable("agent_user").set(values).where("id", "=", id).execute();
const altered = (sealed: string, alter: (body: Buffer) => Buffer): AgentUserRow["sealed_secret"] => {
  const cut = sealed.lastIndexOf(".") + 1;
  const body = alter(Buffer.from(sealed.slice(cut), "base64url"));
  return `${sealed.slice(0, cut)}${body.toString("base64url")}` as AgentUserRow["sealed_secret"];
};

it("E4: two rows with swapped secrets give an error each, and never a code", async () => {
  const [one, two] = [await rooms.enroll(), await rooms.enroll()];
  const [first, second] = [await rowOf(one.username), await rowOf(two.username)];
  await change(first.id, { sealed_secret: second.sealed_secret });
  await change(second.id, { sealed_secret: first.sealed_secret });
  for (const { agent } of [one, two])
    expect(await refusalOf(rooms.issue(agent))).toBe("SEALED_VALUE_UNREADABLE");
  await change(first.id, { sealed_secret: first.sealed_secret });
  expect((await rooms.issue(one.agent)).code).toMatch(/^\d{6}$/);
});

it("E4: a key in the place of a secret, and a secret in the place of a key, open nothing", async () => {
  const { agent, username } = await rooms.enroll();
  const row = await rowOf(username);
  await change(row.id, { sealed_secret: row.sealed_api_key, sealed_api_key: row.sealed_secret });
  expect(await refusalOf(rooms.issue(agent))).toBe("SEALED_VALUE_UNREADABLE");
  expect(await refusalOf(rooms.enroll(agent))).toBe("SEALED_VALUE_UNREADABLE");
});

it("E4: a flipped bit or a truncated tag is an error, also when a code is verified", async () => {
  const { agent, username } = await rooms.enroll();
  const row = await rowOf(username);
  const faults = [
    (body: Buffer) => Buffer.from(body.map((byte, index) => (index === 15 ? byte ^ 1 : byte))),
    (body: Buffer) => Buffer.from(body.map((byte, index) => (index === body.length - 1 ? byte ^ 128 : byte))),
    (body: Buffer) => body.subarray(0, body.length - 1),
    (body: Buffer) => body.subarray(0, 12),
  ];
  for (const fault of faults) {
    await change(row.id, { sealed_secret: altered(row.sealed_secret, fault) });
    expect(await refusalOf(rooms.issue(agent))).toBe("SEALED_VALUE_UNREADABLE");
    const verify = rooms.agentUsers.verifyOwn({
      caller: agent,
      requested: "",
      code: "123456",
    });
    expect(await refusalOf(verify)).toBe("SEALED_VALUE_UNREADABLE");
  }
});

it("E4: a row of another workspace opens nothing, though both are wrapped by one master key", async () => {
  const other = await rooms.addWorkspace();
  const [mine, theirs] = [
    await rooms.enroll(),
    await rooms.enroll({ ...rooms.newAgent(), workspaceId: other }),
  ];
  const [row, foreign] = [await rowOf(mine.username), await rowOf(theirs.username)];
  await change(row.id, { sealed_secret: foreign.sealed_secret });
  expect(await refusalOf(rooms.issue(mine.agent))).toBe("SEALED_VALUE_UNREADABLE");
});

it("B1: an agent user's secret has 20 random bytes, no two alike", async () => {
  const keys = await rooms.keyRing.forWorkspace(rooms.workspaceId);
  const secrets = new Set<string>();
  for (let n = 0; n < 20; n++) {
    const row = await rowOf((await rooms.enroll()).username);
    const opened = keys.open(
      { table: "agent_user", rowId: row.id, column: "sealed_secret" },
      row.sealed_secret,
    );
    expect(opened).toHaveLength(20);
    secrets.add(opened.toString("hex"));
  }
  expect(secrets.size).toBe(20);
});
