import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestInbox } from "../../support/open-test-inbox.ts";

/** So many calls at once would take every connection if each waited for the mailbox's row with one of its own. */
const atOnce = 8;
const poolSize = 3;
const ambiguous = "Your verification code is 111222. Your verification code is 333444.";

let rooms: Awaited<ReturnType<typeof openTestInbox>>;
let outside: Client;
beforeAll(async () => {
  rooms = await openTestInbox({ poolSize });
  outside = new Client({ connectionString: rooms.database.url });
  await outside.connect();
});
afterAll(async () => {
  await outside.end();
  await rooms.close();
});

const numbers = Array.from({ length: atOnce }, (_, index) => index);
const address = "busy@example.com";
const receive = (text: string) =>
  rooms.inbox.receive(rooms.admin, { address, channel: "api", from: "a@b.example", text });
const begin = () =>
  rooms.inbox.beginWait({
    caller: rooms.admin,
    address,
    type: "any",
    lookBackSeconds: 0,
    timeoutSeconds: 300,
  });
const storeMany = async (text: string): Promise<string[]> => {
  const stored: string[] = [];
  for (const number of numbers) {
    const result = await receive(`${text} (${number})`);
    if (result.state !== "stored") throw new Error(result.state);
    stored.push(result.id);
  }
  return stored;
};

/** What each way needs first, and the call itself. */
const ways: Record<string, () => Promise<() => Promise<unknown>[]>> = {
  "to receive messages": async () => () => numbers.map((number) => receive(`No code in message ${number}.`)),
  "to begin waits": async () => () => numbers.map(begin),
  "to answer waits by hand": async () => {
    const waits: string[] = [];
    for (const _ of numbers) waits.push((await begin()).id);
    return () => waits.map((id) => rooms.inbox.answerByHand(rooms.admin, { id, code: "482913" }));
  },
  "to read messages again": async () => {
    const stored = await storeMany("Nothing to see here");
    return () => stored.map((id) => rooms.inbox.rereadMessage(rooms.admin, id));
  },
  "to ask for second opinions": async () => {
    const stored = await storeMany(ambiguous);
    await rooms.inbox.setSecondOpinion(rooms.admin, { provider: "scripted" });
    const { workspaceId } = rooms;
    const ask = async () => "NONE";
    return () => stored.map((id) => rooms.inbox.askSecondOpinion({ workspaceId, id, ask }));
  },
};

it.each(Object.keys(ways))(
  "leaves connections for other work where many calls wait for one mailbox %s",
  async (way) => {
    await begin();
    const start = await ways[way]?.();
    await outside.query("begin");
    await outside.query("select from mailbox where address = $1 for update", [address]);
    const calls = start?.() ?? [];
    expect(calls).toHaveLength(atOnce);
    // The pool serves in turn, so after so many statements every call has come to where it waits.
    for (let statement = 0; statement < 20 * atOnce; statement++)
      await rooms.db.selectFrom("workspace").select("id").execute();
    await outside.query("commit");
    await Promise.all(calls);
  },
);
