import { afterAll, expect, it } from "vitest";
import { createHandles } from "../../../server/handles/handles.ts";
import { openTestRooms } from "../../support/open-test-rooms.ts";

it("a new handle waits for no other request that holds handles which have expired", async () => {
  const rooms = await openTestRooms({ poolSize: 4 });
  afterAll(() => rooms.close());
  const { clock, db, keyRing } = rooms;
  const handles = createHandles({ db, keyRing, clock });
  const { agent } = await rooms.enroll();
  const caller = await rooms.accountOf(agent);
  const create = () =>
    handles.create(caller, {
      kind: "code",
      value: "123456",
      expiresAt: new Date(clock.now().getTime() + 30_000),
      place: { belongsTo: "own_account" },
    });
  await create();
  clock.advance(31);
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom("one_time_handle").select("id").forUpdate().execute();
    expect(await create()).toMatch(/^totem:code:/);
  });
  await create();
  expect(await db.selectFrom("one_time_handle").select("id").execute()).toHaveLength(2);
}, 10_000);
