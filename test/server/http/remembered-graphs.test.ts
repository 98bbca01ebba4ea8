import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../plugin/error-codes.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { createRememberedGraphs } from "../../../server/http/remembered-graphs.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("a tool call on a graph that was remembered", () => {
  it("is judged by the graph as it is now: a tool that was unwired, moved or removed is refused at once", async () => {
    const graph = agentWorkflow();
    graph.nodes.push(node("other", "agent"));
    const slug = await server.addWorkflow(graph, "Remembered");
    await server.call(slug, "create");
    expect((await server.call(slug, "code")).status).toBe(200);
    const save = (version: number, change: Partial<typeof graph>) =>
      server.api("PUT", `/workflows/${slug}`, { version, ...graph, ...change });
    const without = graph.edges.filter(({ id }) => id !== "code-agent" && id !== "create-agent");

    await save(1, { edges: without });
    for (const tool of ["code", "create"])
      expect((await server.call(slug, tool)).body.code).toBe("AGENT_NOT_CONNECTED");
    await save(2, { edges: [...without, toolEdge("code", "other"), toolEdge("create", "other")] });
    expect((await server.call(slug, "code")).body.code).toBe("AGENT_USER_NOT_FOUND");
    expect((await server.call(slug, "create")).body.username).toBe(`agent_${slug}_other`);
    await save(3, { nodes: graph.nodes.filter(({ id }) => id !== "code"), edges: without });
    expect((await server.call(slug, "code")).body.code).toBe("NODE_NOT_FOUND");
  });

  it("makes no account in a workflow that was deleted meanwhile", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Gone");
    expect((await server.call(slug, "code")).body.code).toBe("AGENT_USER_NOT_FOUND");
    await server.api("DELETE", `/workflows/${slug}`);
    expect((await server.call(slug, "create")).body.code).toBe("WORKFLOW_NOT_FOUND");
    expect((await server.api("GET", `/agent-users/agent_${slug}_agent`)).status).toBe(404);
  });

  it.each([
    ["CODE_REJECTED", 1],
    ["RATE_LIMITED", 1],
    ["UPSTREAM_FAILED", 1],
    ["INTERNAL", 1],
    ["AGENT_NOT_CONNECTED", 2],
    ["AGENT_USER_NOT_FOUND", 2],
  ] as const)(
    "is made again after a change only where nothing can have happened: %s",
    async (code: ErrorCode, times) => {
      let version = 0;
      const graphs = createRememberedGraphs({
        get: async () => ({
          id: "w",
          slug: "s",
          name: "n",
          version: ++version,
          nodes: [],
          edges: [],
          created_at: "",
          updated_at: "",
        }),
      });
      const place = { workspaceId: "w", slug: "s" };
      await graphs.use(place, async () => "remembered");
      let calls = 0;
      const use = graphs.use(place, async () => {
        calls++;
        throw new PluginError(code);
      });
      expect(await refusalOf(use)).toBe(code);
      expect(calls).toBe(times);
    },
  );
});
