import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

describe("creating an agent user", () => {
  it("gives the same account, key and purpose on every later call", async () => {
    const agent = rooms.newAgent("agent_1");
    const first = await rooms.agentUsers.enroll({
      caller: agent,
      workflowSlug: "my-flow",
      purpose: "first",
    });
    const second = await rooms.agentUsers.enroll({
      caller: agent,
      workflowSlug: "renamed",
      purpose: "second",
    });
    expect(first).toMatchObject({
      username: "agent_my-flow_agent_1",
      purpose: "first",
      already_existed: false,
    });
    expect(second).toEqual({ ...first, already_existed: true });
    expect(first.api_key).toMatch(/^totem_agent_[A-Za-z0-9_-]{43}$/);
  });

  it("D5: makes one account out of 20 parallel first calls", async () => {
    const agent = rooms.newAgent();
    const calls = Array.from({ length: 20 }, () =>
      rooms.agentUsers.enroll({ caller: agent, workflowSlug: "parallel", purpose: "" }),
    );
    const all = await Promise.all(calls);
    expect(all.filter((one) => !one.already_existed)).toHaveLength(1);
    expect(new Set(all.map((one) => `${one.username} ${one.api_key}`)).size).toBe(1);
    expect(
      await rooms.db
        .selectFrom("agent_user")
        .select("id")
        .where("workflow_id", "=", agent.location.workflowId)
        .execute(),
    ).toHaveLength(1);
  });

  it("D2: refuses a username that another place has, and shares nothing", async () => {
    const [left, right] = [rooms.newAgent("c"), rooms.newAgent("b_c")];
    await rooms.agentUsers.enroll({ caller: left, workflowSlug: "a_b", purpose: "" });
    const clash = rooms.agentUsers.enroll({ caller: right, workflowSlug: "a", purpose: "" });
    expect(await refusalOf(clash)).toBe("USERNAME_CONFLICT");
    expect(await refusalOf(rooms.issue(right))).toBe("AGENT_USER_NOT_FOUND");
  });

  it("keys the identity by host and instance as well", async () => {
    const agent = rooms.newAgent();
    const here = await rooms.enroll(agent, "here");
    const there = await rooms.enroll(
      { ...agent, location: { ...agent.location, hostInstance: "another" } },
      "there",
    );
    expect(there.api_key).not.toBe(here.api_key);
    expect(there.already_existed).toBe(false);
  });

  it("D8, D9: stores the key sealed and hashed, never readable, and audits every reading of it", async () => {
    const { agent, api_key: apiKey, username } = await rooms.enroll();
    await rooms.enroll(agent);
    const row = await rooms.db
      .selectFrom("agent_user")
      .selectAll()
      .where("username", "=", username)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(apiKey);
    expect(row.sealed_api_key).toMatch(/^v1\.1\./);
    expect((await rooms.auditOf(username)).map((event) => event.action)).toEqual([
      "agent_user.created",
      "agent_user.key_read",
    ]);
  });

  it("gives a disabled account's key to nobody", async () => {
    const { agent, username } = await rooms.enroll();
    await rooms.agentUsers.disable(rooms.administrator, username);
    expect(await refusalOf(rooms.enroll(agent))).toBe("AGENT_USER_DISABLED");
    expect(await refusalOf(rooms.issue(agent))).toBe("AGENT_USER_DISABLED");
    await rooms.agentUsers.enable(rooms.administrator, username);
    expect(await rooms.enroll(agent)).toMatchObject({ username, already_existed: true });
  });

  it("replaces the key on rotation and keeps the account", async () => {
    const { agent, username, api_key: apiKey } = await rooms.enroll();
    await rooms.agentUsers.rotateKey(rooms.administrator, { username });
    const again = await rooms.enroll(agent);
    expect(again.username).toBe(username);
    expect(again.api_key).not.toBe(apiKey);
    const login = rooms.agentUsers.openSession({ apiKey, code: await rooms.codeAt(username), ip: null });
    expect(await refusalOf(login)).toBe("CODE_REJECTED");
  });
});
