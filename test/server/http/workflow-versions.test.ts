import { afterAll, beforeAll, expect, it } from "vitest";
import { agentWorkflow, node } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let keys = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("gives the graph of each version, also after later saves, until the workflow is deleted", async () => {
  const first = agentWorkflow();
  const slug = await server.addWorkflow(first, "Old and new");
  const second = { ...first, nodes: [...first.nodes, node("note", "sticky_note", { text: "new" })] };
  const saved = await server.api("PUT", `/workflows/${slug}`, { version: 1, ...second });
  expect(saved).toMatchObject({ status: 200, body: { version: 2 } });

  const read = (version: number | string) => server.api("GET", `/workflows/${slug}/versions/${version}`);
  const [old, current] = [await read(1), await read(2)];
  expect(old.body).toEqual({ version: 1, nodes: first.nodes, edges: first.edges });
  expect(current.body).toEqual({ version: 2, nodes: saved.body.nodes, edges: saved.body.edges });
  expect(old.headers.get("cache-control")).toBe("no-store");

  expect((await server.api("DELETE", `/workflows/${slug}`)).status).toBe(204);
  expect((await read(1)).body.code).toBe("WORKFLOW_NOT_FOUND");
});

it("knows no version that was never saved, and none of another workspace", async () => {
  const slug = await server.addWorkflow(agentWorkflow(), "Only one");
  const other = server.as((await server.api("POST", "/workspaces", { name: "elsewhere" })).body.key);
  for (const answer of [
    await server.api("GET", `/workflows/${slug}/versions/2`),
    await server.api("GET", "/workflows/nothing/versions/1"),
    await other("GET", `/workflows/${slug}/versions/1`),
  ])
    expect(answer.body).toMatchObject({ status: 404, code: "WORKFLOW_NOT_FOUND" });
  for (const version of ["0", "1.5", "x", "99999999999"])
    expect((await server.api("GET", `/workflows/${slug}/versions/${version}`)).body, version).toMatchObject({
      status: 400,
      code: "INPUT_INVALID",
    });
});

it("is read by who may read runs, and by no agent", async () => {
  const slug = await server.addWorkflow(agentWorkflow(), "Read by");
  const statusFor = async (scope: string) => {
    const { key } = (
      await server.api("POST", "/keys", { name: `${scope.replace(":", " ")} ${++keys}`, scopes: [scope] })
    ).body;
    return (await server.as(key)("GET", `/workflows/${slug}/versions/1`)).status;
  };
  expect(await statusFor("workflows:read")).toBe(200);
  // Whoever may only run sees what was run, and no drafts.
  expect(await statusFor("runs:write")).toBe(404);
  await server.api("POST", `/workflows/${slug}/runs`, {});
  expect(await statusFor("runs:write")).toBe(200);
  expect(await statusFor("codes:read")).toBe(403);
  const { api_key } = (await server.call(slug, "create")).body;
  expect((await server.as(api_key)("GET", `/workflows/${slug}/versions/1`)).status).toBe(403);
});
