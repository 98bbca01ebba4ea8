import { afterAll, beforeAll, expect, it } from "vitest";
import {
  deleteMail,
  listMail,
  listMailThreads,
  listOpenedMail,
  openMail,
  openMailThread,
} from "../../../server/agent-api/mail.ts";
import type { Delivery } from "../../../server/inbox/delivery.ts";
import { openTestInbox } from "../../support/open-test-inbox.ts";
import { withoutRandom } from "../../support/without-random.ts";

let rooms: Awaited<ReturnType<typeof openTestInbox>>;
beforeAll(async () => {
  rooms = await openTestInbox();
});
afterAll(() => rooms.database.close());

async function receive(delivery: Partial<Delivery>): Promise<string> {
  const { inbox, admin, clock } = rooms;
  clock.advance(1);
  const mailTo = {
    address: "desk@example.com",
    channel: "email",
    from: "Shop <a@shop.example>",
  } as const;
  const result = await inbox.receive(admin, { ...mailTo, ...delivery });
  if (result.state !== "stored") throw new Error(result.state);
  return result.id;
}

it("hides a code in a subject and in a sender's name, in lists", async () => {
  await receive({
    from: "730194 is your code <no-reply@shop.example>",
    subject: "730-194 is your Shop code",
    text: "Your Shop code is 730194.",
  });
  const page = { limit: 1 };
  const { messages } = await listMail(rooms.inbox, rooms.admin, page);
  const { threads } = await listMailThreads(rooms.inbox, rooms.admin, page);
  expect(messages[0]).toMatchObject({ subject: "•••••• is your Shop code" });
  expect(threads[0]).toMatchObject({ subject: "•••••• is your Shop code" });
  expect(withoutRandom(JSON.stringify([messages, threads]))).not.toMatch(/730.?194/);
  const opened = await listOpenedMail(rooms.inbox, rooms.admin, page);
  expect(opened.messages[0]).toMatchObject({ subject: "730-194 is your Shop code" });
});

it("keeps a message and what answers it in one thread, under the subject of the first", async () => {
  const first = await receive({ messageId: "<1@x>", subject: "Tea?", text: "Would you like tea?" });
  const second = await receive({
    messageId: "<2@x>",
    references: ["<1@x>"],
    subject: "Re: Tea?",
    text: "Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Ann <ann@example.com> wrote:\n> Would you like tea?",
  });
  const thread = await openMailThread(rooms.inbox, rooms.admin, { id: first, limit: 200 });
  expect(thread).toMatchObject({ threadId: first, subject: "Tea?", messageCount: 2, totalMessages: 2 });
  expect(thread.messages.map(({ messageId, extractedText }) => [messageId, extractedText])).toEqual([
    [first, "Would you like tea?"],
    [second, "Yes."],
  ]);
  expect(thread.updatedAt > thread.createdAt).toBe(true);
  await deleteMail(rooms.inbox, rooms.admin, first);
  expect(await openMailThread(rooms.inbox, rooms.admin, { id: first, limit: 200 })).toMatchObject({
    subject: "Re: Tea?",
    messageCount: 1,
  });
});

it("shows as text what a person sees of a message that came as HTML alone", async () => {
  const html = '<style>p{}</style><p>Your code is <b>482 913</b>.</p><p style="display:none">000000</p>';
  const id = await receive({ html, subject: "Code" });
  const message = await openMail(rooms.inbox, rooms.admin, id);
  expect(message.text).toContain("Your code is 482 913.");
  expect(message.extractedText).toBe("Your code is 482 913.");
  expect(withoutRandom(JSON.stringify(message))).not.toMatch(/000000|<p|style/);
});

it("shows a page of the largest messages there may be cut, and one by itself whole", async () => {
  const text = "word ".repeat(20_000);
  const ids = [];
  // More than are opened at once.
  for (let count = 0; count < 11; count++) ids.push(await receive({ text, subject: `Large ${count}` }));
  const { messages } = await listOpenedMail(rooms.inbox, rooms.admin, { limit: 11 });
  expect(messages.map(({ messageId }) => messageId)).toEqual(ids.reverse());
  for (const message of messages) expect(message.text).toHaveLength(40_000);
  expect((await openMail(rooms.inbox, rooms.admin, ids[0] ?? "")).text).toBe(text);
});

it("finds by sender what is said of one, and takes a pattern for what it is", async () => {
  await receive({ from: "Bank_100% <alerts@bank.example>", subject: "Hello" });
  const found = async (from: string) =>
    (await listMail(rooms.inbox, rooms.admin, { limit: 100, from })).messages.length;
  expect(await found("BANK.example")).toBe(1);
  expect(await found("alerts@bank.example")).toBe(1);
  expect(await found("_100%")).toBe(1);
  expect(await found("bank%example")).toBe(0);
});

it("finds an agent by its address where its name has a hyphen or upper case, and of two the one that is meant", async () => {
  const { inbox, workspaceId, newAgent, enroll } = rooms;
  const address = "agent_post-office_agent.1:x";
  let count = 0;
  const owner = async () =>
    (await openMail(rooms.inbox, rooms.admin, await receive({ address, text: `Hello ${count++}.` }))).inboxId;
  expect(await inbox.knowsAddress({ workspaceId, address })).toBe(false);
  await enroll(newAgent("Agent.1:X"), "post-office");
  expect(await inbox.knowsAddress({ workspaceId, address })).toBe(true);
  const upper = await owner();
  await enroll(newAgent("agent.1:x"), "post-office");
  const lower = await owner();
  expect(lower).not.toBe(upper);
  await enroll(newAgent("AGENT.1:X"), "post-office");
  expect(await owner()).toBe(lower);
});
