import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { up } from "../../../server/database/migrations/0019-host-installations.ts";
import { up as addEmbedded } from "../../../server/database/migrations/0028-embedded-installations.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("H10: bound keys of the version before claim their installations, and all of them stay bound", async () => {
  const place = { host: "n8n", host_instance: "old" };
  const one = hostClient(server, await hostKey(server, "old one", place), "old");
  const two = hostClient(server, await hostKey(server, "old two", place), "old");
  const { username } = (await one("create_agent_user")).body;
  await hostClient(
    server,
    await hostKey(server, "gone", { host: "n8n", host_instance: "left" }),
    "left",
  )("create_agent_user");
  const { keys } = (await server.api("GET", "/keys")).body;
  const gone = keys.find(({ name }: { name: string }) => name === "gone");
  await server.api("DELETE", `/keys/${gone.id}`);
  const db = server.database.kysely;
  // As that version left it: its keys and identities, and no list of installations.
  await sql`drop table host_call_nonce, host_key_pair, host_installation`.execute(db);
  await sql`alter table service_key drop column signed`.execute(db);
  for (const change of [up, addEmbedded]) await change(db as never);

  const { installations } = (await server.api("GET", "/host-installations")).body;
  expect(installations).toMatchObject([
    { host_instance: "old", keys: ["old one", "old two"], requires_signature: false, key_pairs: [] },
    { host_instance: "left", keys: [] },
  ]);
  for (const call of [one, two])
    expect((await call("create_agent_user")).body).toMatchObject({ username, already_existed: true });
  const thief = hostClient(server, await hostKey(server, "fresh"), "old");
  for (const instance of ["old", "left"])
    expect((await thief("create_agent_user", { instance })).status).toBe(403);
});
