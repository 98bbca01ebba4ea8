import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { up } from "../../../server/database/migrations/0010-mailbox-of-a-source.ts";
import { openTestInbox } from "../../support/open-test-inbox.ts";
import { random } from "../../support/seeded-random.ts";

let rooms: Awaited<ReturnType<typeof openTestInbox>>;
beforeAll(async () => {
  rooms = await openTestInbox({ mailDomain: "agents.example" });
});
afterAll(() => rooms.close());

const insertMailbox = async (owner: { address: string } | { agentUserId: string }) => {
  const id = random.uuid();
  const [address, agent] = "address" in owner ? [owner.address, null] : [null, owner.agentUserId];
  await sql`insert into mailbox (id, workspace_id, agent_user_id, address, sealed_hash_key, created_at)
    values (${id}, ${rooms.workspaceId}, ${agent}, ${address}, 'sealed', ${rooms.clock.now()})`.execute(
    rooms.db,
  );
  return id;
};
const insertSource = async (address: string | null, workspaceId = rooms.workspaceId) => {
  const id = random.uuid();
  await sql`insert into inbox_source (id, workspace_id, kind, name, address, url, sealed_secret, created_by, created_at)
    values (${id}, ${workspaceId}, 'webhook', ${id}, ${address}, null, 'sealed', 'a', ${rooms.clock.now()})`.execute(
    rooms.db,
  );
  return id;
};
const enroll = async (name: string) => {
  const { username } = await rooms.enroll(rooms.newAgent(name), "desk");
  const { id } = await rooms.db
    .selectFrom("agent_user")
    .select("id")
    .where("username", "=", username)
    .executeTakeFirstOrThrow();
  return { id, username };
};
const mailboxesOf = async (sources: readonly string[]) => {
  const rows = await rooms.db.selectFrom("inbox_source").select(["id", "mailbox_id"]).execute();
  return sources.map((id) => rows.find((row) => row.id === id)?.mailbox_id);
};

it("gives the sources of the version before the mailbox that their address means", async () => {
  await sql`alter table inbox_source drop column mailbox_id`.execute(rooms.db);
  const [alone, twin, capital, without] = [
    await enroll("alone"),
    await enroll("twin"),
    await enroll("Twin"),
    await enroll("Without"),
  ];
  const desk = await insertMailbox({ address: "desk@example.com" });
  const ofAlone = await insertMailbox({ agentUserId: alone.id });
  const ofTwin = await insertMailbox({ agentUserId: twin.id });
  await insertMailbox({ agentUserId: capital.id });
  // An agent user comes first, also where its own mailbox is not needed yet.
  await insertMailbox({ address: without.username.toLowerCase() });
  await insertMailbox({ address: alone.username });
  const expected: [string | null, string | null][] = [
    ["desk@example.com", desk],
    ["other@example.com", null],
    [alone.username, ofAlone],
    [`${alone.username}+shop`, ofAlone],
    [twin.username, ofTwin],
    [without.username.toLowerCase(), null],
    [`${alone.username}@agents.example`, null],
    [null, null],
  ];
  const sources: string[] = [];
  for (const [address] of expected) sources.push(await insertSource(address));
  const elsewhere = await insertSource("desk@example.com", await rooms.addWorkspace());

  await up(rooms.db as never);
  expect(await mailboxesOf(sources)).toEqual(expected.map(([, mailbox]) => mailbox));
  expect(await mailboxesOf([elsewhere])).toEqual([null]);

  // The database does not know the mail domain; the server that starts does.
  await rooms.inbox.sources.resolveAtStart();
  const atDomain = sources[expected.findIndex(([address]) => address?.endsWith("@agents.example"))] ?? "";
  expect(await mailboxesOf([atDomain])).toEqual([ofAlone]);
});
