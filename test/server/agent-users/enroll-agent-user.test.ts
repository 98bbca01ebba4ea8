import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestRooms, refusalOf, type TestRooms, testActor } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

describe("creating an agent user", () => {
  it("gives the same account, key and purpose on every later call", async () => {
    const place = rooms.newPlace("agent_1");
    const first = await rooms.agentUsers.enroll({
      place,
      workflowSlug: "my-flow",
      purpose: "first",
      actor: testActor,
    });
    const second = await rooms.agentUsers.enroll({
      place,
      workflowSlug: "renamed",
      purpose: "second",
      actor: testActor,
    });
    expect(first).toMatchObject({
      username: "agent_my-flow_agent_1",
      purpose: "first",
      alreadyExisted: false,
    });
    expect(second).toEqual({ ...first, alreadyExisted: true });
    expect(first.apiKey).toMatch(/^totem_agent_[A-Za-z0-9_-]{43}$/);
  });

  it("D5: makes one account out of 20 parallel first calls", async () => {
    const place = rooms.newPlace();
    const calls = Array.from({ length: 20 }, () =>
      rooms.agentUsers.enroll({ place, workflowSlug: "parallel", purpose: "", actor: testActor }),
    );
    const all = await Promise.all(calls);
    expect(all.filter((one) => !one.alreadyExisted)).toHaveLength(1);
    expect(new Set(all.map((one) => `${one.username} ${one.apiKey}`)).size).toBe(1);
    expect(
      await rooms.db
        .selectFrom("agent_user")
        .select("id")
        .where("workflow_id", "=", place.workflowId)
        .execute(),
    ).toHaveLength(1);
  });

  it("D2: refuses a username that another place has, and shares nothing", async () => {
    const [left, right] = [rooms.newPlace("c"), rooms.newPlace("b_c")];
    await rooms.agentUsers.enroll({ place: left, workflowSlug: "a_b", purpose: "", actor: testActor });
    const clash = rooms.agentUsers.enroll({ place: right, workflowSlug: "a", purpose: "", actor: testActor });
    expect(await refusalOf(clash)).toBe("USERNAME_CONFLICT");
    expect(await refusalOf(rooms.issue(right))).toBe("AGENT_USER_NOT_FOUND");
  });

  it("keys the identity by host and instance as well", async () => {
    const place = rooms.newPlace();
    const here = await rooms.enroll(place, "here");
    const there = await rooms.enroll({ ...place, hostInstance: "another" }, "there");
    expect(there.apiKey).not.toBe(here.apiKey);
    expect(there.alreadyExisted).toBe(false);
  });

  it("D8, D9: stores the key sealed and hashed, never readable, and audits every reading of it", async () => {
    const { place, apiKey, username } = await rooms.enroll();
    await rooms.enroll(place);
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
    const { place, username } = await rooms.enroll();
    await rooms.agentUsers.disable({ workspaceId: rooms.workspaceId, username, actor: testActor });
    expect(await refusalOf(rooms.enroll(place))).toBe("AGENT_USER_DISABLED");
    expect(await refusalOf(rooms.issue(place))).toBe("AGENT_USER_DISABLED");
    await rooms.agentUsers.enable({ workspaceId: rooms.workspaceId, username, actor: testActor });
    expect(await rooms.enroll(place)).toMatchObject({ username, alreadyExisted: true });
  });

  it("replaces the key on rotation and keeps the account", async () => {
    const { place, username, apiKey } = await rooms.enroll();
    await rooms.agentUsers.rotateKey({ workspaceId: rooms.workspaceId, username, actor: testActor });
    const again = await rooms.enroll(place);
    expect(again.username).toBe(username);
    expect(again.apiKey).not.toBe(apiKey);
    const login = rooms.agentUsers.openSession({ apiKey, code: await rooms.codeAt(username), ip: null });
    expect(await refusalOf(login)).toBe("CODE_REJECTED");
  });
});
