import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

type Config = WorkflowNode["data"]["config"];
const outside: Config = { provider: "openai-compatible", model: "m", base_url: "http://127.0.0.1:11434/v1" };
const scripted: Config = { provider: "scripted", steps: [{ say: "Hello." }] as never };
interface Parts {
  readonly model?: Config;
  readonly totp?: Config;
  readonly create?: Config;
}
const graphOf = ({ model = scripted, totp = {}, create = {} }: Parts) => ({
  nodes: [
    node("chat", "trigger_chat"),
    node("agent", "agent"),
    node("model", "ai_model", model),
    node("create", "create_agent_user", create),
    node("totp", "vault_totp", { entry: "gh", ...totp }),
  ],
  edges: [flowEdge("chat", "agent"), modelEdge("model"), toolEdge("create"), toolEdge("totp")],
});
const value: Config = { reveal: "value" };

let server: TestServer;
const callers = new Map<string, string>();
beforeAll(async () => {
  server = await startTestServer();
  const building = ["workflows:read", "workflows:write", "runs:write"];
  const more = { builder: [], reader: ["codes:read"], manager: ["codes:read", "agent_users:manage"] };
  for (const [name, scopes] of Object.entries(more))
    callers.set(
      name,
      (await server.api("POST", "/keys", { name, scopes: [...building, ...scopes] })).body.key,
    );
});
afterAll(() => server.stop());
const as = (name: string) => server.as(callers.get(name) ?? "");

describe("H11: a secret that a model outside would newly read", () => {
  it.each([
    ["a code is shown to a model outside", { model: outside }, { model: outside, totp: value }, "reader"],
    ["the model behind a shown code is another", { totp: value }, { model: outside, totp: value }, "reader"],
    [
      "the model's server is another",
      { model: outside, totp: value },
      { model: { ...outside, base_url: "http://localhost:1234/v1" }, totp: value },
      "reader",
    ],
    [
      "the model's key is another",
      { model: outside, totp: value },
      { model: { ...outside, model_key: "mine" }, totp: value },
      "reader",
    ],
    [
      "a tool that shows codes names another entry",
      { model: outside, totp: value },
      { model: outside, totp: { ...value, entry: "bank" } },
      "reader",
    ],
    ["a key is shown to a model outside", { model: outside }, { model: outside, create: value }, "manager"],
  ] as const)("H11: is saved by who may read it only: %s", async (name, before, after, may) => {
    const slug = await server.addWorkflow(graphOf(before), name);
    const save = (who: string, parts: Parts, version = 1) =>
      as(who)("PUT", `/workflows/${slug}`, { version, ...graphOf(parts) });
    for (const who of ["builder", ...(may === "manager" ? ["reader"] : [])]) {
      const refused = await save(who, after);
      expect(refused.body).toMatchObject({ code: "FORBIDDEN", title: expect.stringContaining("handle") });
      const made = await as(who)("POST", "/workflows", { name: `${name} of ${who}`, ...graphOf(after) });
      expect(made.body).toMatchObject({ code: "FORBIDDEN" });
    }
    expect((await server.api("GET", `/workflows/${slug}`)).body.version).toBe(1);
    expect((await save(may, after)).status).toBe(200);
  });

  it("is no hindrance to a builder who changes something else, or shows less", async () => {
    const shown = graphOf({ model: outside, totp: value, create: value });
    const slug = await server.addWorkflow(shown, "Shown before");
    const moved = shown.nodes.map((one) => ({ ...one, position: { x: 7, y: 7 } }));
    const save = (version: number, graph: object) =>
      as("builder")("PUT", `/workflows/${slug}`, { version, ...graph });
    expect((await save(1, { ...shown, nodes: moved })).status).toBe(200);
    expect((await save(2, graphOf({ model: outside, totp: { reveal: "handle" } }))).status).toBe(200);
    // What is hidden now is newly shown by going back to the version before.
    expect((await save(3, shown)).body.code).toBe("FORBIDDEN");
    expect((await save(3, graphOf({ totp: value, create: value }))).status).toBe(200);
    await server.api("DELETE", `/workflows/${slug}`);
    expect((await as("builder")("POST", `/workflows/${slug}/restore`)).status).toBe(200);
  });
});
