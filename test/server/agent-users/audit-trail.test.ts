import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestRooms, type TestRooms, testActor } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

it("G7: says who acted, for which agent, with which step, and never which code", async () => {
  const { place, username } = await rooms.enroll();
  const { code } = await rooms.issue(place);
  await rooms.agentUsers.verifyOwn({ place, requested: "", code, actor: testActor, nodeId: "verify" });
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
  expect(rows[2]).toMatchObject({ node_id: "verify", workflow_id: place.workflowId });
  expect(JSON.stringify(rows)).not.toContain(code);
});
