import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administratorOf, openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

describe("an agent's own code", () => {
  it("is the code of this moment, with the seconds it lasts", async () => {
    const { agent, username } = await rooms.enroll();
    const issued = await rooms.issue(agent);
    expect(issued).toEqual({ username, code: await rooms.codeAt(username), expires_in: 30, period: 30 });
  });

  it("A8: waits for the next window when too few seconds are left", async () => {
    const { agent, username } = await rooms.enroll();
    rooms.clock.set(new Date("2026-01-01T00:10:28.500Z"));
    const told: string[] = [];
    const issued = await rooms.agentUsers.issueCode({
      caller: agent,
      requested: "",
      minRemaining: 3,
      signal: new AbortController().signal,
      onWaiting: (until) => told.push(until.toISOString()),
    });
    expect(told).toEqual(["2026-01-01T00:10:30.000Z"]);
    expect(rooms.clock.slept.at(-1)).toBe(1_500);
    expect(issued.expires_in).toBe(30);
    expect(issued.code).toBe(await rooms.codeAt(username));
  });

  it("does not wait when a caller asks for nothing left", async () => {
    const { agent } = await rooms.enroll();
    rooms.clock.set(new Date("2026-01-01T00:20:29.900Z"));
    const before = rooms.clock.slept.length;
    expect((await rooms.issue(agent, "", 0)).expires_in).toBe(1);
    expect(rooms.clock.slept).toHaveLength(before);
  });

  it("is not one that was accepted already, for a caller that will use it", async () => {
    const { agent, username } = await rooms.enroll();
    rooms.clock.set(new Date("2026-01-01T00:30:10Z"));
    const verify = (code: string) => rooms.agentUsers.verifyOwn({ caller: agent, requested: "", code });
    await verify((await rooms.issue(agent)).code);
    expect((await rooms.issue(agent, "", 0)).expires_in).toBe(20);
    const fresh = await rooms.issue(agent, "", 3);
    expect(rooms.clock.slept.at(-1)).toBe(20_000);
    expect(fresh.expires_in).toBe(30);
    await verify(fresh.code);
    // A code used early spends the windows before it as well.
    await verify(await rooms.codeAt(username, 1));
    await verify((await rooms.issue(agent, "", 3)).code);
    expect(
      (await rooms.auditOf(username))
        .filter((event) => event.reason === "spent")
        .map((event) => event.result),
    ).toContain("refused");
  });

  it("does not exist before the account does", async () => {
    expect(await refusalOf(rooms.issue(rooms.newAgent()))).toBe("AGENT_USER_NOT_FOUND");
  });

  it("G7: leaves a trace with the step and without the code", async () => {
    const { agent, username } = await rooms.enroll();
    const { code } = await rooms.issue(agent);
    const events = await rooms.auditOf(username);
    expect(events.at(-1)).toEqual({
      action: "code.read",
      result: "ok",
      reason: null,
      counter: Math.floor(rooms.clock.now().getTime() / 30_000),
    });
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`));
  });
});

describe("another's code", () => {
  it("D1: is refused in the same words whether the name exists or not, and the log knows which", async () => {
    const [thief, victim] = [await rooms.enroll(), await rooms.enroll()];
    const refusals = [];
    for (const name of [victim.username, "agent_nobody_x", "administrator"]) {
      refusals.push(
        await rooms
          .issue(thief.agent, name)
          .catch((error: Error & { code: string }) => ({ code: error.code, message: error.message })),
      );
    }
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: "FORBIDDEN" });
    expect((await rooms.auditOf(victim.username)).at(-1)).toMatchObject({
      action: "code.read",
      result: "refused",
      reason: "not_granted",
    });
    expect((await rooms.auditOf("agent_nobody_x")).at(-1)).toMatchObject({
      result: "refused",
      reason: "no_such_user",
    });
  });

  it("is read under a grant, until the grant is taken back", async () => {
    const [reader, owner] = [await rooms.enroll(), await rooms.enroll()];
    const { administrator, agentUsers } = rooms;
    const grant = { username: owner.username, reader: reader.username };
    await agentUsers.addGrant(administrator, grant);
    await agentUsers.addGrant(administrator, grant);
    expect(await agentUsers.listGrants(administrator, owner.username)).toHaveLength(1);
    expect((await rooms.issue(reader.agent, owner.username)).code).toBe(await rooms.codeAt(owner.username));
    expect(await refusalOf(rooms.issue(owner.agent, reader.username))).toBe("FORBIDDEN");
    await agentUsers.removeGrant(administrator, grant);
    expect(await refusalOf(rooms.issue(reader.agent, owner.username))).toBe("FORBIDDEN");
  });

  it("is never read across workspaces", async () => {
    const workspaceId = await rooms.addWorkspace();
    const stranger = await rooms.enroll({ ...rooms.newAgent(), workspaceId });
    const owner = await rooms.enroll();
    expect(await refusalOf(rooms.issue(stranger.agent, owner.username))).toBe("FORBIDDEN");
    const grant = rooms.agentUsers.addGrant(administratorOf(workspaceId), {
      username: stranger.username,
      reader: owner.username,
    });
    expect(await refusalOf(grant)).toBe("AGENT_USER_NOT_FOUND");
  });
});
