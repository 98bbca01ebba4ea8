import { afterAll, beforeAll, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("lets an administrator lend one agent's codes to another, and take that back", async () => {
  const [lender, borrower] = [
    await server.addWorkflow(agentWorkflow(), "Lender"),
    await server.addWorkflow(agentWorkflow(), "Borrower"),
  ];
  for (const slug of [lender, borrower]) await server.call(slug, "create");
  const [username, reader] = ["agent_lender_agent", "agent_borrower_agent"];
  const grants = `/agent-users/${username}/grants`;
  const read = async () => (await server.call(borrower, "code", { username })).body;
  expect(await read()).toMatchObject({ success: false, code: "FORBIDDEN" });

  expect(await server.api("POST", grants, { reader })).toMatchObject({
    status: 201,
    body: { username, reader, created_by: "totem_admin" },
  });
  expect((await server.api("GET", grants)).body.grants).toHaveLength(1);
  expect(await read()).toMatchObject({ success: true, username });
  expect((await server.call(borrower, "whoami")).body.may_read_codes_of).toEqual([username]);

  expect((await server.api("DELETE", grants, { reader })).status).toBe(204);
  expect(await read()).toMatchObject({ success: false, code: "FORBIDDEN" });

  await server.api("POST", grants, { reader });
  expect((await server.api("DELETE", `${grants}?reader=${reader}`)).status).toBe(204);
  expect((await server.api("DELETE", `${grants}?reader=${reader}`)).body.code).toBe("GRANT_NOT_FOUND");
  expect((await server.api("DELETE", grants)).body).toMatchObject({
    status: 400,
    errors: [{ field: "reader" }],
  });
});
