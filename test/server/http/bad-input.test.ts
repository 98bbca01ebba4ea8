import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** What is stored of workflows, runs and accounts; the audit log may grow by refusals. */
const stored = async (): Promise<string> => {
  const rows = await everyRow(server.database.kysely);
  return JSON.stringify(
    ["workflow", "workflow_version", "workflow_run", "agent_user", "model_key", "service_key"].map((table) =>
      rows.get(`public.${table}`),
    ),
  );
};

it("I7: refuses settings of a model that no database can store", async () => {
  for (const model of ["\ud800", "nul \0"]) {
    const body = { model: { provider: "openai", model, model_key: model } };
    const answer = await server.api("PUT", "/inbox/second-opinion", body);
    expect([answer.status, answer.body.code]).toEqual([400, "INPUT_INVALID"]);
  }
});

describe("bad input", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => node(`n${index}`, "get_totp_code"));
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  const bodies: [string, number, string, unknown][] = [
    ["nodes that are no list", 400, "INPUT_INVALID", { name: "x", nodes: "many" }],
    ["a node that is no object", 400, "INPUT_INVALID", { name: "x", nodes: [5] }],
    ["no name", 400, "INPUT_INVALID", { nodes: [] }],
    ["a name that is a number", 400, "INPUT_INVALID", { name: 5 }],
    ["a name of control characters", 400, "INPUT_INVALID", { name: "\u0007" }],
    ["a type that is no type", 400, "INPUT_INVALID", { name: "x", nodes: [node("a", "Agent!")] }],
    [
      "a position that is no number",
      400,
      "INPUT_INVALID",
      { name: "x", nodes: [{ ...node("a", "agent"), position: { x: "1", y: null } }] },
    ],
    [
      "a position past the edge of any canvas",
      400,
      "INPUT_INVALID",
      { name: "x", nodes: [{ ...node("a", "agent"), position: { x: 1e300, y: 0 } }] },
    ],
    ["5,000 nodes", 400, "INPUT_INVALID", { name: "x", nodes: many(5_000) }],
    [
      "6,001 edges",
      400,
      "INPUT_INVALID",
      {
        name: "x",
        edges: Array.from({ length: 6_001 }, (_, index) => ({ id: `e${index}`, source: "a", target: "b" })),
      },
    ],
    [
      "two nodes of one id",
      400,
      "INPUT_INVALID",
      { name: "x", nodes: [node("a", "agent"), node("a", "agent")] },
    ],
    [
      "a key in a node's config",
      400,
      "INPUT_INVALID",
      { name: "x", nodes: [node("a", "ai_model", { api_key: "sk-x" })] },
    ],
    [
      "a config 99 levels too deep",
      400,
      "INPUT_INVALID",
      { name: "x", nodes: [{ ...node("a", "agent"), data: { config: { a: deep(200) } } }] },
    ],
    ["a body of 10 MB", 413, "BODY_TOO_LARGE", { name: "x".repeat(10 * 1024 * 1024) }],
  ];

  it.each(bodies)("is refused with a code and stores nothing: %s", async (_what, status, code, body) => {
    const before = await stored();
    expect(await server.api("POST", "/workflows", body)).toMatchObject({ status, body: { code } });
    expect(await stored()).toBe(before);
    expect((await server.send("GET", "/readyz")).status).toBe(200);
  });

  const graphs: [string, string, () => object][] = [
    [
      "an unknown node",
      "UNKNOWN_NODE_TYPE",
      () => ({ ...agentWorkflow(), nodes: [...agentWorkflow().nodes, node("odd", "no_such_type")] }),
    ],
    [
      "a cycle",
      "CYCLE",
      () => {
        const graph = agentWorkflow();
        graph.nodes.push(node("two", "agent"), node("model2", "ai_model", { steps: [{ say: "x" }] }));
        graph.edges.push(modelEdge("model2", "two"), flowEdge("agent", "two"), flowEdge("two", "agent"));
        return graph;
      },
    ],
    [
      "a missing model",
      "AGENT_WITHOUT_MODEL",
      () => ({ ...agentWorkflow(), edges: agentWorkflow().edges.filter((edge) => edge.label !== "llm") }),
    ],
    [
      "a tool without an agent",
      "TOOL_WITHOUT_AGENT",
      () => ({ ...agentWorkflow(), edges: agentWorkflow().edges.filter((edge) => edge.id !== "code-agent") }),
    ],
    [
      "a bad config",
      "CONFIG_INVALID",
      () => ({
        ...agentWorkflow(),
        nodes: agentWorkflow().nodes.map((one) =>
          one.id === "agent" ? node("agent", "agent", { max_steps: "many" }) : one,
        ),
      }),
    ],
    [
      "an edge to nowhere",
      "EDGE_INVALID",
      () => ({ ...agentWorkflow(), edges: [...agentWorkflow().edges, toolEdge("ghost")] }),
    ],
  ];

  it.each(graphs)(
    "is saved as the work in progress it may be, named by the check, and not run: %s",
    async (_what, code, graph) => {
      const saved = await server.api("POST", "/workflows", { name: "In progress", ...graph() });
      expect(saved.status).toBe(201);
      const { slug } = saved.body;
      const { problems } = (await server.api("POST", `/workflows/${slug}/validate`)).body;
      expect(problems.map((problem: { code: string }) => problem.code)).toContain(code);
      const before = await stored();
      const refused = await server.api("POST", `/workflows/${slug}/runs`, {});
      expect(refused).toMatchObject({ status: 422, body: { code: "WORKFLOW_INVALID", problems } });
      expect(await stored()).toBe(before);
    },
  );

  it("does not slow the server down: a check of 2,000 nodes and 6,000 edges is answered at once", async () => {
    const nodes = many(2_000);
    const edges = Array.from({ length: 6_000 }, (_, index) => ({
      id: `e${index}`,
      source: `n${index % 2_000}`,
      target: `n${(index * 7) % 2_000}`,
    }));
    const { body } = await server.api("POST", "/workflows", { name: "Large", nodes, edges });
    const { problems } = (await server.api("POST", `/workflows/${body.slug}/validate`)).body;
    expect(problems.length).toBeGreaterThan(2_000);
  });
});

describe("a stale write", () => {
  it("is refused with the current version and changes nothing, also when two come at once", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Stale");
    const save = (name: string, version: number) =>
      server.api("PUT", `/workflows/${slug}`, { version, name, nodes: [], edges: [] });
    const both = await Promise.all([save("left", 1), save("right", 1)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const loser = both.find(({ status }) => status === 409);
    expect(loser?.body).toMatchObject({ code: "WORKFLOW_VERSION_STALE", version: 2 });
    const winner = both.find(({ status }) => status === 200);
    expect((await server.api("GET", `/workflows/${slug}`)).body).toMatchObject({
      version: 2,
      name: winner?.body.name,
    });
    for (const version of [0, -1, 1.5, "2", null])
      expect((await save("odd", version as number)).status).toBe(400);
    expect((await save("future", 99)).status).toBe(409);
  });
});

describe("addresses", () => {
  it("that mean nothing are 404, of the API and of everything else", async () => {
    for (const path of [
      "/api/v1",
      "/api/v1/",
      "/api/v2/workflows",
      "/api/v1/workflow",
      "/favicon.ico",
      "/.env",
      "/.git/config",
      "/admin",
    ])
      expect({ path, ...(await server.send("GET", path)) }).toMatchObject({
        path,
        status: 404,
        body: { code: "NOT_FOUND" },
      });
  });

  it("of nodes that are not there, or are no tools, are coded errors of the tool", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Nodes");
    expect((await server.call(slug, "nobody")).body).toMatchObject({
      success: false,
      code: "NODE_NOT_FOUND",
    });
    expect((await server.call(slug, "agent")).body).toMatchObject({
      success: false,
      code: "NODE_NOT_CALLABLE",
    });
    expect((await server.call(slug, "__proto__")).body).toMatchObject({
      success: false,
      code: "NODE_NOT_FOUND",
    });
    expect((await server.call("nobody", "code")).body).toMatchObject({ code: "WORKFLOW_NOT_FOUND" });
    for (const args of ["text", 5, [], null])
      expect(
        (await server.api("POST", `/workflows/${slug}/nodes/code/call`, { arguments: args })).status,
      ).toBe(400);
    expect((await server.call(slug, "code", { username: 5 })).body).toMatchObject({
      success: false,
      code: "INPUT_INVALID",
      details: { fields: [{ field: "arguments.username" }] },
    });
  });
});
