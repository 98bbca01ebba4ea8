import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestInbox } from "../../support/open-test-inbox.ts";

let rooms: Awaited<ReturnType<typeof openTestInbox>>;
beforeAll(async () => {
  rooms = await openTestInbox();
});
afterAll(() => rooms.close());

const receive = (text: string) =>
  rooms.inbox.receive(rooms.admin, {
    address: "kept@example.com",
    channel: "email",
    from: "Shop <shop@shop.example>",
    subject: "Your order",
    text,
  });
const rows = () => rooms.db.selectFrom("inbox_message").selectAll().orderBy("received_at").execute();

it("F9: what a message says is deleted after a day; sender, time and a keyed hash stay", async () => {
  await receive("Your sign-in code is 735912");
  rooms.clock.advance(3_600);
  await receive("Your sign-in code is 735913");
  const [first] = await rows();
  expect(first).toMatchObject({ sealed_body: expect.any(String), sealed_head: expect.any(String) });
  // A hash without a key would tell six digits to whoever tries them all.
  expect(first?.content_hash).not.toBe((await rows())[1]?.content_hash);

  rooms.clock.advance(23 * 3_600);
  await rooms.inbox.purgeBodies();
  const [purged, kept] = await rows();
  expect(purged).toMatchObject({
    sealed_body: null,
    sealed_head: null,
    purged_at: rooms.clock.now(),
    sender: "shop@shop.example",
    received_at: first?.received_at,
    content_hash: first?.content_hash,
  });
  expect(kept).toMatchObject({ sealed_body: expect.any(String), purged_at: null });
  expect(await rooms.inbox.openMessage(rooms.admin, purged?.id ?? "")).toMatchObject({
    body: null,
    reading: null,
    head: null,
  });
});

it("F9: a wait and its answer go when their time is over too", async () => {
  await receive("Your sign-in code is 735914");
  const { answer } = await rooms.inbox.beginWait({
    caller: rooms.admin,
    address: "kept@example.com",
    type: "any",
    lookBackSeconds: 60,
    timeoutSeconds: 60,
  });
  expect(answer?.value).toBe("735914");
  const sealed = () => rooms.db.selectFrom("code_wait").select(["state", "sealed_answer"]).execute();
  expect(await sealed()).toEqual([{ state: "answered", sealed_answer: expect.any(String) }]);
  rooms.clock.advance(24 * 3_600);
  await rooms.inbox.purgeBodies();
  expect(await sealed()).toEqual([]);
});
