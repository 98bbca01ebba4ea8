import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestRooms, type TestRooms } from "../../support/open-test-rooms.ts";
import { withoutRandom } from "../../support/without-random.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

it("G7: says who acted, for which agent, with which step, and never which code", async () => {
  const { agent, username } = await rooms.enroll();
  const { code } = await rooms.issue(agent);
  await rooms.agentUsers.verifyOwn({
    caller: { ...agent, trace: { ...agent.trace, nodeId: "verify" } },
    requested: "",
    code,
  });
  const rows = await rooms.db
    .selectFrom("audit_event")
    .selectAll()
    .where("subject_id", "=", username)
    .orderBy("id")
    .execute();
  expect(
    rows.map((row) => [row.action, row.actor_kind, row.actor_id, row.on_behalf_of, row.result, row.ip]),
  ).toEqual([
    ["agent_user.created", "person", "tester", username, "ok", "127.0.0.1"],
    ["code.read", "person", "tester", username, "ok", "127.0.0.1"],
    ["code.verified", "person", "tester", username, "ok", "127.0.0.1"],
  ]);
  const step = Math.floor(rooms.clock.now().getTime() / 30_000);
  expect(rows.map((row) => row.counter)).toEqual([null, step, step]);
  expect(rows[2]).toMatchObject({ node_id: "verify", workflow_id: agent.location.workflowId });
  expect(withoutRandom(JSON.stringify(rows))).not.toMatch(new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`));
});
