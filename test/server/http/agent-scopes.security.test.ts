import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let slug = "";
let agent: { username: string; api_key: string };

beforeAll(async () => {
  server = await startTestServer();
  slug = await server.addWorkflow(agentWorkflow(), "Scopes");
  agent = (await server.call(slug, "create")).body;
});
afterAll(() => server.stop());

const change = (body: unknown, as = server.api) => as("PATCH", `/agent-users/${agent.username}`, body);
const usual = ["codes:read", "workflows:read", "vault:read", "vault:write"];

describe("D11: what an agent user may do", () => {
  it("holds no right to mail at first, and whatever an administrator says from the next request on", async () => {
    const read = () => server.as(agent.api_key)("GET", "/inbox/messages");
    expect((await server.api("GET", `/agent-users/${agent.username}`)).body.scopes).toEqual(usual);
    expect((await read()).status).toBe(403);
    const { status, body } = await change({ scopes: [...usual, "mail:read", "mail:read"] });
    expect([status, body.scopes]).toEqual([200, [...usual, "mail:read"]]);
    expect((await read()).status).toBe(200);
    await change({ scopes: [] });
    expect((await read()).status).toBe(403);
    expect((await server.as(agent.api_key)("GET", "/vault/entries")).status).toBe(403);
    expect((await server.as(agent.api_key)("GET", "/whoami")).status).toBe(200);
  });

  it("is said by administrators alone, and never more than an agent may have", async () => {
    await change({ scopes: usual });
    for (const scope of ["admin", "workflows:write", "runs:write", "audit:read", "mail:send", "CANARY"]) {
      const { status, body, text } = await change({ scopes: [...usual, scope] });
      expect([status, body.code]).toEqual([400, "INPUT_INVALID"]);
      expect(text).not.toContain("CANARY");
    }
    for (const body of [
      { scopes: "mail:read" },
      { mcp_tools: ["get_totp_code"] },
      { mcp_tools: "vault_get" },
      { scopes: usual, disabled: true },
    ])
      expect((await change(body)).status).toBe(400);
    const { key } = (await server.api("POST", "/keys", { name: "no admin", scopes: ["workflows:write"] }))
      .body;
    for (const as of [key, agent.api_key])
      expect((await change({ scopes: ["mail:read"] }, server.as(as))).body).toMatchObject({
        status: 403,
        code: "FORBIDDEN",
      });
    expect((await server.api("GET", `/agent-users/${agent.username}`)).body.scopes).toEqual(usual);
    expect((await server.api("PATCH", "/agent-users/nobody", { scopes: [] })).body.code).toBe(
      "AGENT_USER_NOT_FOUND",
    );
  });

  it("G7: has a trace of each change, and ends sessions that were opened before", async () => {
    const { totp_code } = (await server.call(slug, "code")).body;
    const { body } = await server.send("POST", "/api/v1/auth/session", {
      api_key: agent.api_key,
      code: totp_code,
    });
    const inSession = () => server.as(body.token)("GET", "/workflows");
    expect((await inSession()).status).toBe(200);
    await change({ scopes: [...usual, "mail:manage"] });
    expect((await inSession()).status).toBe(401);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({
      action: "agent_user.scopes_changed",
      actor: "totem_admin",
      subject: agent.username,
      result: "ok",
    });
  });
});
