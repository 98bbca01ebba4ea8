import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T10:00:10.500Z"));
let server: TestServer;
let slug: string;
const username = "agent_shown_agent";
const show = (key = server.adminKey, name = username) => server.as(key)("POST", `/agent-users/${name}/code`);
const keyWith = async (name: string, ...scopes: string[]): Promise<string> =>
  (await server.api("POST", "/keys", { name, scopes })).body.key;
const lastEvent = async () => (await server.api("GET", "/audit-events?limit=1")).body.audit_events[0];

beforeAll(async () => {
  server = await startTestServer({ clock });
  slug = await server.addWorkflow(agentWorkflow(), "Shown");
  await server.call(slug, "create");
});
afterAll(() => server.stop());

describe("a code that is shown to a person or a program", () => {
  it("is the agent's own code of this moment, with what is left of it, and is kept nowhere", async () => {
    const { body, headers } = await show();
    const { totp_code } = (await server.call(slug, "code")).body;
    expect(body).toEqual({
      username,
      code: totp_code,
      expires_in: 20,
      period: 30,
      now: "2026-03-01T10:00:10.500Z",
    });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("etag")).toBeNull();
    clock.advance(19);
    expect((await show()).body).toMatchObject({ code: totp_code, expires_in: 1 });
    clock.advance(1);
    const next = (await show()).body;
    expect(next.expires_in).toBe(30);
    expect(next.code).not.toBe(totp_code);
  });

  it("G7: is in the audit log with the caller it was given to and the time step, without the code", async () => {
    const program = await keyWith("shower", "codes:read");
    const { body } = await show(program);
    expect(await lastEvent()).toMatchObject({
      actor_kind: "service_key",
      actor: "shower",
      action: "code.read",
      subject: username,
      subject_kind: "agent_user",
      result: "ok",
      counter: Math.floor(clock.now().getTime() / 30_000),
      on_behalf_of: null,
      workflow_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
    });
    expect(JSON.stringify(await lastEvent())).not.toMatch(
      new RegExp(`(?<![\\w.:-])${body.code}(?![\\w.:-])`),
    );
  });

  it("is not used up by being shown, however often", async () => {
    clock.advance(30);
    const { code } = (await show()).body;
    expect((await show()).body.code).toBe(code);
    expect((await server.call(slug, "verify", { code })).body).toMatchObject({ valid: true });
    expect((await show()).body.code).toBe(code);
  });

  it("needs codes:read, and no agent gets one here, not even its own", async () => {
    for (const scope of ["workflows:read", "runs:write", "workflows:write", "audit:read"])
      expect((await show(await keyWith(scope.replace(":", " "), scope))).body.code).toBe("FORBIDDEN");
    const { api_key } = (await server.call(slug, "create")).body;
    expect((await show(api_key)).body.code).toBe("FORBIDDEN");
    const { token } = (
      await server.send("POST", "/api/v1/auth/session", { api_key, code: await freshCode() })
    ).body;
    expect((await show(token)).body.code).toBe("FORBIDDEN");
    const viaTool = await server.call(slug, "platform", {
      method: "POST",
      path: `/api/v1/agent-users/${username}/code`,
    });
    expect(viaTool.body).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  });

  it("G12: a signed-in browser must prove that the studio asks", async () => {
    const person = await signInPerson(server);
    const path = `/agent-users/${username}/code`;
    const { cookie } = person;
    expect((await server.send("POST", `/api/v1${path}`, undefined, { cookie })).body.code).toBe(
      "SESSION_PROOF_NEEDED",
    );
    expect(await person.send("POST", path)).toMatchObject({ status: 200, body: { username } });
    expect(await lastEvent()).toMatchObject({ actor_kind: "person", result: "ok" });
  });

  it("of an account that is disabled, unknown or of another workspace is refused, and the log knows why", async () => {
    const other = (await server.api("POST", "/workspaces", { name: "next door" })).body.key;
    for (const answer of [await show(other), await show(server.adminKey, "agent_shown_nobody")])
      expect(answer.body).toMatchObject({ status: 404, code: "AGENT_USER_NOT_FOUND" });
    expect(await lastEvent()).toMatchObject({
      subject: "agent_shown_nobody",
      result: "refused",
      reason: "no_such_user",
    });
    await show(server.adminKey, "totem_agent_not-a-name");
    expect((await lastEvent()).subject).toBe("[redacted]");
    await server.api("POST", `/agent-users/${username}/disable`);
    expect((await show()).body).toMatchObject({ status: 403, code: "AGENT_USER_DISABLED" });
    expect(await lastEvent()).toMatchObject({ action: "code.read", result: "refused", reason: "disabled" });
    await server.api("POST", `/agent-users/${username}/enable`);
    expect((await show()).status).toBe(200);
  });
});

async function freshCode(): Promise<string> {
  clock.advance(30);
  return (await server.call(slug, "code")).body.totp_code;
}
