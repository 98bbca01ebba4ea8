import { afterAll, beforeAll, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await signInPerson(server);
});
afterAll(() => server.stop());

it("signs two people in, each as itself", async () => {
  const operator = await addPerson(server, { roles: ["operator"] });
  const both = await addPerson(server, { roles: ["builder", "auditor"], name: "Ada", proved: false });
  for (const { send, id, name } of [operator, both])
    expect((await send("GET", "/whoami")).body).toMatchObject({ name, person: { id } });
});
