import { afterAll, beforeAll, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  // Many runs are asked for at the same moment: the order is whole all the same.
  server = await startTestServer({ clock: fixedClock() });
});
afterAll(() => server.stop());

it("lists fifty runs at a time, and goes on before any of them without leaving one out", async () => {
  const slug = await server.addWorkflow(agentWorkflow(), "Many runs");
  const made: string[] = [];
  for (let run = 0; run < 53; run++)
    made.push((await server.api("POST", `/workflows/${slug}/runs`, { input: `run ${run}` })).body.id);

  const ids = async (query = "") =>
    (await server.api("GET", `/workflows/${slug}/runs${query}`)).body.runs.map(
      ({ id }: { id: string }) => id,
    );
  const first = await ids();
  const rest = await ids(`?before=${first.at(-1)}`);
  expect([first.length, rest.length]).toEqual([50, 3]);
  expect([...first, ...rest].sort()).toEqual(made.sort());
  expect(await ids(`?before=${rest.at(-1)}`)).toEqual([]);
});

it("gives nothing before a run of another workflow, and refuses what is no run", async () => {
  const slug = await server.addWorkflow(agentWorkflow(), "One run");
  const other = await server.addWorkflow(agentWorkflow(), "Other run");
  await server.api("POST", `/workflows/${slug}/runs`, { input: "mine" });
  const { id } = (await server.api("POST", `/workflows/${other}/runs`, { input: "theirs" })).body;
  expect((await server.api("GET", `/workflows/${slug}/runs?before=${id}`)).body).toEqual({ runs: [] });
  expect((await server.api("GET", `/workflows/${slug}/runs?before=nothing`)).status).toBe(400);
});
