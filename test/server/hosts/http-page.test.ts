import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("docs/hosts/http.md sends what the server takes", async () => {
  const page = readFileSync("docs/hosts/http.md", "utf8");
  const [keyBody = "", callBody = ""] = [...page.matchAll(/-d '(\{[^']*\})'/g)].map(([, body]) => body);
  const made = await server.api("POST", "/keys", keyBody);
  expect(made).toMatchObject({ status: 201, body: { host: "ourbuilder", host_instance: "berlin-1" } });
  const builder = server.as(made.body.key);
  const created = { ...JSON.parse(callBody), tool: "create_agent_user" };
  expect((await builder("POST", "/host-calls", created)).body.username).toBe("agent_sales-flow_node-7");
  const { status, body } = await builder("POST", "/host-calls", callBody);
  expect({ status, body }).toMatchObject({ status: 200, body: { success: true } });
  const { workflows } = (await builder("GET", "/host-workflows?workflow_id=42")).body;
  expect((await builder("DELETE", `/host-workflows/${workflows[0].id}`)).body).toEqual({ changed: 1 });
  expect((await builder("POST", `/host-workflows/${workflows[0].id}/restore`)).status).toBe(200);
});
