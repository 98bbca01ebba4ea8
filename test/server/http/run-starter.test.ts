import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let owner: PersonSession;
let slug = "";

beforeAll(async () => {
  server = await startTestServer();
  owner = await signInPerson(server);
  slug = await server.addWorkflow(agentWorkflow([{ say: "Done." }]), "Started");
});
afterAll(() => server.stop());

const starterOf = async (id: string) => (await owner.send("GET", `/runs/${id}`)).body.started_by;

describe("a run", () => {
  it("says who started it: a person with the roles of that time, or a key by its name", async () => {
    const ada = await addPerson(server, { name: "Ada", roles: ["builder", "auditor"] });
    const byAda = (await ada.send("POST", `/workflows/${slug}/runs`, {})).body.id;
    const byKey = (await server.api("POST", `/workflows/${slug}/runs`, {})).body.id;
    expect(await starterOf(byAda)).toEqual({ kind: "person", name: "Ada", role: "builder, auditor" });
    expect(await starterOf(byKey)).toEqual({ kind: "service_key", name: "totem_admin", role: null });
    const { runs } = (await owner.send("GET", `/workflows/${slug}/runs`)).body;
    expect(runs.map((run: { started_by: { name: string } }) => run.started_by.name)).toEqual([
      "totem_admin",
      "Ada",
    ]);
  });

  it("from before there were people says what it knows", async () => {
    const { id } = (await server.api("POST", `/workflows/${slug}/runs`, {})).body;
    await server.database.kysely
      .updateTable("workflow_run")
      .set({ started_by: "service_key:ci:nightly", started_by_name: null })
      .where("id", "=", id)
      .execute();
    expect(await starterOf(id)).toEqual({ kind: "service_key", name: "ci:nightly", role: null });
  });
});

describe("a grant", () => {
  it("says by name who made it", async () => {
    const ada = await addPerson(server, { name: "Ada Grants", roles: ["administrator"] });
    const { body: entry } = await ada.send("POST", "/vault/entries", { name: "GitHub", one_time: {} });
    await ada.send("POST", "/keys", { name: "reader", scopes: ["vault:read"] });
    const grantee = { kind: "service_key", name: "reader" };
    const path = `/vault/entries/${entry.id}/grants`;
    await ada.send("PUT", path, { grantee, rights: ["codes"] });
    const { grants } = (await ada.send("GET", path)).body;
    expect(grants).toMatchObject([{ grantee, created_by: "Ada Grants" }]);
  });
});
