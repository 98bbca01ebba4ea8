import fc from "fast-check";
import { type CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Identity } from "../../../plugin/api/identities.ts";
import { usernameOf } from "../../../plugin/username.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-04-01T08:00:00.250Z"));
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock, settings: { TOTEM_RATE_LIMIT: "1000000" } });
});
afterAll(() => server.stop());

const list = async (slug: string): Promise<Identity[]> =>
  (await server.api("GET", `/workflows/${slug}/identities`)).body.identities;
const only = async (slug: string): Promise<Identity | undefined> => (await list(slug))[0];

describe("the identities of a canvas", () => {
  it("are there before their accounts are, and say what has become of them", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "States");
    const username = `agent_${slug}_agent`;
    const answer = await server.api("GET", `/workflows/${slug}/identities`);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      now: "2026-04-01T08:00:00.250Z",
      identities: [
        {
          agent_node_id: "agent",
          username,
          state: "none",
          digits: 6,
          period: 30,
          last_used_at: null,
          readers: [],
        },
      ],
    });
    await server.call(slug, "create");
    expect(await only(slug)).toMatchObject({ state: "active", last_used_at: null });
    expect((await only(slug))?.readers.length).toBeGreaterThan(0);

    const later = new Date(clock.now().getTime() + 900_000);
    await sql`update agent_user set locked_until = ${later} where username = ${username}`.execute(
      server.database.kysely,
    );
    expect((await only(slug))?.state).toBe("locked");
    clock.advance(901);
    expect((await only(slug))?.state).toBe("active");
    await server.api("POST", `/agent-users/${username}/disable`);
    expect(await only(slug)).toMatchObject({ state: "disabled", readers: [] });
  });

  it("tell when a code was last handed out or accepted, and of no refusal", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Uses");
    const { api_key, username } = (await server.call(slug, "create")).body;
    const used = async () => (await only(slug))?.last_used_at;
    const now = () => clock.now().toISOString();
    await server.call(slug, "code");
    expect(await used()).toBe(now());
    clock.advance(60);
    const { code } = (await server.api("POST", `/agent-users/${username}/code`)).body;
    expect(await used()).toBe(now());
    clock.advance(5);
    await server.send("POST", "/api/v1/auth/session", { api_key, code });
    const accepted = now();
    expect(await used()).toBe(accepted);
    clock.advance(5);
    expect((await server.call(slug, "verify", { code })).body.code).toBe("CODE_REJECTED");
    await server.api("POST", `/agent-users/${username}/disable`);
    expect((await server.api("POST", `/agent-users/${username}/code`)).body.code).toBe("AGENT_USER_DISABLED");
    expect(await used()).toBe(accepted);
  });

  it("D2: say beforehand that create_agent_user will be refused, because another place has the name", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Clashing");
    const other = await server.addWorkflow(agentWorkflow(), "First come");
    await server.call(other, "create");
    await sql`update agent_user set username = ${usernameOf(slug, "agent")}
      where username = ${usernameOf(other, "agent")}`.execute(server.database.kysely);
    expect(await only(slug)).toMatchObject({ state: "clash", readers: [], last_used_at: null });
    expect((await server.call(slug, "create")).body.code).toBe("USERNAME_CONFLICT");
  });

  it("are those of the current graph and of no other workspace", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Growing");
    const graph = agentWorkflow();
    graph.nodes.push(node("second", "agent"));
    await server.api("PUT", `/workflows/${slug}`, { version: 1, ...graph });
    expect((await list(slug)).map((one) => one.agent_node_id)).toEqual(["agent", "second"]);
    await server.api("PUT", `/workflows/${slug}`, { version: 2, nodes: [], edges: [] });
    expect(await list(slug)).toEqual([]);
    const other = server.as((await server.api("POST", "/workspaces", { name: "over there" })).body.key);
    expect((await other("GET", `/workflows/${slug}/identities`)).body.code).toBe("WORKFLOW_NOT_FOUND");
  });

  it("take the same number of questions to the database for one agent and for sixty", async () => {
    const executor = Object.getPrototypeOf(Object.getPrototypeOf(server.database.kysely.getExecutor()));
    const ours = /from "(workflow" as|agent_user_grant|service_key)|unnest\(/;
    const questions = async (agents: number) => {
      const ids = Array.from({ length: agents }, (_, index) => `a${index}`);
      const slug = await server.addWorkflow(
        {
          nodes: [
            ...ids.map((id) => node(id, "agent")),
            node("create", "create_agent_user"),
            node("code", "get_totp_code"),
          ],
          edges: ids.flatMap((id) => [toolEdge("create", id), toolEdge("code", id)]),
        },
        `Crowd ${agents}`,
      );
      for (const id of ids) await server.call(slug, "create", {}, id);
      for (const id of ids.slice(1))
        await server.api("POST", `/agent-users/${usernameOf(slug, "a0")}/grants`, {
          reader: usernameOf(slug, id),
        });
      const spy = vi.spyOn(executor, "executeQuery");
      try {
        const identities = await list(slug);
        expect(identities).toHaveLength(agents);
        expect(identities[0]?.readers.filter(({ reason }) => reason === "grant")).toHaveLength(agents - 1);
        // The queue of runs asks its own questions all the while.
        return spy.mock.calls.filter(([query]) => ours.test((query as CompiledQuery).sql)).length;
      } finally {
        spy.mockRestore();
      }
    };
    const [one, sixty] = [await questions(1), await questions(60)];
    expect([one, sixty]).toEqual([5, 5]);
  });

  it("D2: carry the username that create_agent_user gives, for 1,000 names of workflows and nodes", async () => {
    const nodeId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/);
    for (const [title, ids] of fc.sample(
      fc.tuple(
        fc.stringMatching(/^[A-Za-z0-9ÄÖÜß_ .-]{1,80}$/).filter((text) => text.trim() !== ""),
        fc.uniqueArray(
          nodeId.filter((id) => !["create", "code"].includes(id)),
          { minLength: 40, maxLength: 40 },
        ),
      ),
      25,
    )) {
      const slug = await server.addWorkflow(
        {
          nodes: [...ids.map((id) => node(id, "agent")), node("create", "create_agent_user")],
          edges: ids.map((id, index) => ({ ...toolEdge("create", id), id: `e${index}` })),
        },
        title,
      );
      const identities = await list(slug);
      expect(identities.map((one) => one.agent_node_id)).toEqual(ids);
      expect(identities.map((one) => one.username)).toEqual(ids.map((id) => usernameOf(slug, id)));
      for (const one of identities.slice(0, 2)) {
        const made = await server.call(slug, "create", {}, one.agent_node_id);
        expect(made.body.username).toBe(one.username);
      }
    }
  }, 60_000);
});
