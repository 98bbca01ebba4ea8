import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, hostedTools } from "../../../plugin/catalogue.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let n8n: ReturnType<typeof hostClient>;
beforeAll(async () => {
  server = await startTestServer({ clock });
  n8n = hostClient(server, await hostKey(server, "our n8n"));
});
afterAll(() => server.stop());

describe("a call by another builder's agent", () => {
  it("makes an account, reads its code, and the code is verified", async () => {
    const created = await n8n("create_agent_user", {}, { purpose: "Sells" });
    expect(created).toMatchObject({
      status: 200,
      body: {
        success: true,
        username: "agent_sales-flow_a1",
        purpose: "Sells",
        already_existed: false,
        api_key: expect.stringMatching(/^totem_agent_/),
      },
    });
    const code = await n8n("get_totp_code");
    expect(code.body).toMatchObject({ success: true, username: "agent_sales-flow_a1", period: 30 });
    const verified = await n8n("verify_totp_code", {}, { code: code.body.totp_code });
    expect(verified.body).toEqual({ success: true, valid: true, username: "agent_sales-flow_a1" });
    expect((await n8n("verify_totp_code", {}, { code: code.body.totp_code })).body).toMatchObject({
      success: false,
      code: "CODE_REJECTED",
      status: 401,
      retryable: true,
    });
  });

  it("gives the account again with the same key, and tells who it is", async () => {
    const place = { workflow: "again", name: "Again" };
    const first = await n8n("create_agent_user", place);
    const second = await n8n("create_agent_user", place);
    expect(second.body).toMatchObject({ already_existed: true, api_key: first.body.api_key });
    expect((await n8n("whoami", place)).body).toMatchObject({
      username: "agent_again_a1",
      host: "n8n",
      workflow: { id: "again", slug: "again", name: "Again" },
      agent_node_id: "a1",
      tools: ["whoami"],
    });
  });

  it("waits for the next window like any tool, and not for a code that was used", async () => {
    const place = { workflow: "window", name: "Window" };
    clock.set(new Date("2026-03-01T00:00:28Z"));
    await n8n("create_agent_user", place);
    expect((await n8n("get_totp_code", place)).body).toMatchObject({ expires_in: 30 });
  });

  it("sets what a person set on the tool's node, and refuses what does not fit", async () => {
    const place = { workflow: "settings", name: "Settings" };
    const handle = await n8n("create_agent_user", place, {}, { config: { reveal: "handle" } });
    expect(handle.body.api_key).not.toMatch(/^totem_agent_/);
    const wrong = await n8n("create_agent_user", place, {}, { config: { reveal: "s3cret-v4lue" } });
    expect(wrong.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "config.reveal" }] });
    expect(wrong.text).not.toContain("s3cret-v4lue");
  });

  it.each(catalogue.map((node) => [node.type, hostedTools.some(({ type }) => type === node.type)] as const))(
    "%s is offered if the catalogue says so: %s",
    async (type, isHosted) => {
      const { body } = await n8n(type, { workflow: "offered", agent: "nobody" }, { code: "1", address: "x" });
      if (isHosted) expect(body.code).not.toBe("TOOL_UNKNOWN");
      else expect(body).toMatchObject({ success: false, code: "TOOL_UNKNOWN", status: 404 });
    },
  );
});

describe("whose identity it is", () => {
  const usernameOf = async (...call: Parameters<typeof n8n>): Promise<string> =>
    (await n8n(...call)).body.username;

  it("is of its own for each agent of a workflow", async () => {
    const place = { workflow: "two-agents", name: "Two agents" };
    expect(await usernameOf("create_agent_user", { ...place, agent: "left" })).toBe("agent_two-agents_left");
    expect(await usernameOf("create_agent_user", { ...place, agent: "right" })).toBe(
      "agent_two-agents_right",
    );
    expect(await usernameOf("get_totp_code", { ...place, agent: "left" })).toBe("agent_two-agents_left");
  });

  it("stays through renames, and the list shows the new name", async () => {
    const place = { workflow: "renamed", name: "Before" };
    expect(await usernameOf("create_agent_user", place)).toBe("agent_before_a1");
    expect(await usernameOf("get_totp_code", { ...place, name: "After" })).toBe("agent_before_a1");
    expect(await usernameOf("create_agent_user", { ...place, name: "After", agent: "a2" })).toBe(
      "agent_before_a2",
    );
    const { workflows } = (await server.api("GET", "/host-workflows?workflow_id=renamed")).body;
    expect(workflows).toMatchObject([{ workflow_name: "After", slug: "before" }]);
  });

  it("is another in another workflow of the same name, and in a copy that kept its node ids", async () => {
    const place = { workflow: "original", name: "Copied", agent: "aaaa-1" };
    expect(await usernameOf("create_agent_user", place)).toBe("agent_copied_aaaa-1");
    expect(await usernameOf("create_agent_user", { ...place, workflow: "copy" })).toBe(
      "agent_copied-2_aaaa-1",
    );
    expect((await n8n("get_totp_code", { ...place, workflow: "third" })).body.code).toBe(
      "AGENT_USER_NOT_FOUND",
    );
  });

  it("is another in another instance and in another builder", async () => {
    const place = { workflow: "shared", name: "Shared" };
    const second = hostClient(server, await hostKey(server, "second n8n"), "second");
    const flowise = hostClient(server, await hostKey(server, "our flowise"));
    const keys = new Set<string>();
    for (const answer of [
      await n8n("create_agent_user", place),
      await second("create_agent_user", place),
      await flowise("create_agent_user", { ...place, host: "flowise" }),
    ]) {
      expect(answer.body).toMatchObject({ already_existed: false });
      keys.add(answer.body.api_key);
    }
    expect(keys.size).toBe(3);
  });

  it("shares no name with a workflow of the studio, whichever was first", async () => {
    expect(await server.addWorkflow(agentWorkflow(), "Everywhere")).toBe("everywhere");
    const place = { workflow: "everywhere", name: "Everywhere" };
    expect(await usernameOf("create_agent_user", place)).toBe("agent_everywhere-2_a1");
    expect(await server.addWorkflow(agentWorkflow(), "Everywhere")).toBe("everywhere-3");
  });

  it("begins with one slug when all agents of a new workflow call at once", async () => {
    const agents = Array.from({ length: 8 }, (_, index) => `agent${index}`);
    const names = await Promise.all(
      agents.map((agent) => usernameOf("create_agent_user", { workflow: "rush", name: "Rush", agent })),
    );
    expect(names.sort()).toEqual(agents.map((agent) => `agent_rush_${agent}`));
  });

  it("is one when one agent calls many times at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => n8n("create_agent_user", { workflow: "burst", name: "Burst" })),
    );
    expect(new Set(answers.map(({ body }) => body.api_key)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.already_existed)).toHaveLength(1);
  });

  it("leaves nothing behind where no account was made", async () => {
    const place = { workflow: "nothing", name: "Nothing" };
    await n8n("get_totp_code", place);
    await n8n("create_agent_user", place, { purpose: 7 });
    const rows = await server.database.kysely
      .selectFrom("taken_slug")
      .select("slug")
      .where("slug", "like", "nothing%")
      .execute();
    expect(rows).toEqual([]);
  });
});

describe("a workflow that its builder deleted", () => {
  const place = { workflow: "gone", name: "Gone" };
  let id: string;
  const own = () => server.as(key);
  let key: string;
  let gone: ReturnType<typeof hostClient>;
  beforeAll(async () => {
    key = await hostKey(server, "n8n with a deleted workflow", { host: "n8n", host_instance: "third" });
    gone = hostClient(server, key, "third");
    await gone("create_agent_user", place);
    await gone("create_agent_user", { ...place, agent: "a2" });
    await gone("create_agent_user", { workflow: "kept", name: "Kept" });
    const listed = await own()("GET", "/host-workflows?workflow_id=gone");
    expect(listed.body.workflows).toMatchObject([
      {
        host: "n8n",
        host_instance: "third",
        workflow_id: "gone",
        workflow_name: "Gone",
        slug: "gone",
        removed_at: null,
        identities: [
          { agent_node_id: "a1", username: "agent_gone_a1", state: "active" },
          { agent_node_id: "a2", username: "agent_gone_a2", state: "active" },
        ],
      },
    ]);
    id = listed.body.workflows[0].id;
  });

  it("is removed by its key: its identities are refused at once, and those of others are not", async () => {
    expect((await own()("DELETE", `/host-workflows/${id}`)).body).toEqual({ changed: 2 });
    expect((await gone("get_totp_code", place)).body).toMatchObject({ code: "AGENT_USER_DISABLED" });
    expect((await gone("create_agent_user", { ...place, agent: "a3" })).body).toMatchObject({
      code: "WORKFLOW_NOT_FOUND",
    });
    expect((await gone("get_totp_code", { workflow: "kept", name: "Kept" })).status).toBe(200);
    expect((await own()("DELETE", `/host-workflows/${id}`)).status).toBe(404);
    const [workflow] = (await own()("GET", "/host-workflows?workflow_id=gone")).body.workflows;
    expect(workflow.removed_at).not.toBeNull();
    expect(workflow.identities.map(({ state }: { state: string }) => state)).toEqual([
      "disabled",
      "disabled",
    ]);
  });

  it("keeps its identities disabled, also when an administrator enables one", async () => {
    const { status, body } = await server.api("POST", "/agent-users/agent_gone_a1/enable");
    expect({ status, code: body.code }).toEqual({ status: 404, code: "NODE_NOT_FOUND" });
  });

  it("stays removed for its key where an administrator removed it", async () => {
    const [kept] = (await own()("GET", "/host-workflows?workflow_id=kept")).body.workflows;
    expect((await server.api("DELETE", `/host-workflows/${kept.id}`)).status).toBe(200);
    expect((await own()("POST", `/host-workflows/${kept.id}/restore`)).body.code).toBe("WORKFLOW_NOT_FOUND");
    expect((await gone("get_totp_code", { workflow: "kept", name: "Kept" })).status).toBe(403);
    expect((await server.api("POST", `/host-workflows/${kept.id}/restore`)).body).toEqual({ changed: 1 });
  });

  it("comes back with its identities, and the trail says who did both", async () => {
    expect((await own()("POST", `/host-workflows/${id}/restore`)).body).toEqual({ changed: 2 });
    expect((await gone("get_totp_code", place)).status).toBe(200);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=50")).body;
    const actions = audit_events
      .filter(({ actor }: { actor: string }) => actor === "n8n with a deleted workflow")
      .map(({ action, subject }: { action: string; subject: string }) => `${action} ${subject}`);
    expect(actions).toEqual(
      expect.arrayContaining(["host_workflow.removed gone", "host_workflow.restored gone"]),
    );
  });
});
