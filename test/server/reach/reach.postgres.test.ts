import { afterAll, beforeAll, expect, it } from "vitest";
import { createReach } from "../../../server/reach/reach.ts";
import { openTestRooms, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms({ poolSize: 10 });
});
afterAll(() => rooms.close());

const url = new URL("https://example.com/a");
const rules = [{ origin: url.origin, methods: [], perMinute: 600 }];

it("agents that call at the same time remove each other's ended rows, and none of their calls fails", async () => {
  const { clock, db } = rooms;
  const reach = createReach({ db, clock });
  const agents = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const { agent } = await rooms.enroll();
      return rooms.accountOf(agent);
    }),
  );
  const failed: unknown[] = [];
  for (let round = 0; round < 30; round += 1) {
    // Every row has ended: each call may remove those of the others.
    clock.advance(61);
    const sent = await Promise.allSettled(
      agents.map((agent) => reach.judge(agent, { rules, method: "GET", url })),
    );
    failed.push(...sent.flatMap((one) => (one.status === "rejected" ? String(one.reason) : [])));
  }
  expect(failed).toEqual([]);
});
