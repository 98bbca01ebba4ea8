import { afterAll, beforeAll, expect, it } from "vitest";
import type { AgentUserCaller } from "../../../server/access/caller.ts";
import { judgeProgram } from "../../../server/judge-program.ts";
import { createReach } from "../../../server/reach/reach.ts";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

const url = new URL("https://example.com/a");

async function judge(location: Partial<AgentUserCaller["location"]>): Promise<void> {
  const { db, clock } = rooms;
  const { agent } = await rooms.enroll();
  const caller = await rooms.accountOf(agent);
  const asked = { purpose: "proxy", method: "GET", destination: { url } };
  return judgeProgram(
    { db, reach: createReach({ db, clock }) },
    { ...caller, location: { ...caller.location, ...location } },
    asked as Parameters<typeof judgeProgram>[2],
  );
}

it("an agent whose workflow is gone sends nowhere, whatever its id looks like", async () => {
  await expect(judge({})).rejects.toThrow("put its node back");
  expect(await refusalOf(judge({ workflowId: "not an id" }))).toBe("REACH_REFUSED");
});

it("an agent whose node was taken off the canvas, or whose workflow was deleted, sends nowhere", async () => {
  const { db, clock, workspaceId } = rooms;
  const id = "0a0a0a0a-0000-4000-8000-00000000000a";
  const at = clock.now();
  await db.insertInto("taken_slug").values({ workspace_id: workspaceId, slug: "flow" }).execute();
  await db
    .insertInto("workflow")
    .values({
      id,
      workspace_id: workspaceId,
      name: "Flow",
      slug: "flow",
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
  await db
    .insertInto("workflow_version")
    .values({
      workflow_id: id,
      version: 1,
      nodes: JSON.stringify([{ id: "agent", data: {} }]),
      edges: "[]",
      created_at: at,
    } as never)
    .execute();
  await judge({ workflowId: id });
  expect(await refusalOf(judge({ workflowId: id, agentNodeId: "gone" }))).toBe("REACH_REFUSED");
  await db.updateTable("workflow").set({ deleted_at: at }).where("id", "=", id).execute();
  expect(await refusalOf(judge({ workflowId: id }))).toBe("REACH_REFUSED");
});

it("an agent of another builder has the operator's list alone", async () => {
  await judge({ host: "n8n", workflowId: "12" });
});
