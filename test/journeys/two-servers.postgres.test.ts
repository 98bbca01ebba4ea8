import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { openTestDatabase, type TestDatabase } from "../support/open-test-database.ts";
import { random } from "../support/seeded-random.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";
import { waitingWorkflow } from "../support/waiting-run.ts";

const adminKey = random.bytes(24).toString("base64url");
const masterKey = random.bytes(32).toString("base64");

let database: TestDatabase;
let servers: ServerProcess[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  // Both at once, on a database neither has seen: one makes the workspace, and both use it.
  const env = { DATABASE_URL: database.url ?? "", TOTEM_ADMIN_KEY: adminKey, TOTEM_MASTER_KEY: masterKey };
  servers = await Promise.all([startServerProcess(env), startServerProcess(env)]);
}, 120_000);
afterAll(async () => {
  for (const server of servers) await server.kill();
  await database.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
const post = async (server: ServerProcess | undefined, path: string, body: object = {}): Promise<Answer> => {
  const response = await fetch(`${server?.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
/** So many requests at once, by turns to one server and the other. */
const across = (count: number, path: string, body: object = {}): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => post(servers[index % 2], path, body)));
const addWorkflow = async (name: string): Promise<string> =>
  String((await post(servers[0], "/workflows", { name, ...agentWorkflow() })).body.slug);

describe("two servers on one PostgreSQL", () => {
  it("are two processes that share one workspace", async () => {
    expect(new Set(servers.map(({ child }) => child.pid)).size).toBe(2);
    expect(new Set(servers.map(({ url }) => url)).size).toBe(2);
    const { rows } = await sql<{ name: string }>`select name from workspace`.execute(database.kysely);
    expect(rows).toEqual([{ name: "default" }]);
  });

  it("D5: make one account out of 20 parallel first calls", async () => {
    const slug = await addWorkflow("Parallel");
    const answers = await across(20, `/workflows/${slug}/nodes/create/call`);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body.already_existed === false)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => `${body.username} ${body.api_key}`)).size).toBe(1);
    const { rows } = await sql`select id from agent_user where username = ${`agent_${slug}_agent`}`.execute(
      database.kysely,
    );
    expect(rows).toHaveLength(1);
  });

  it("C2: accept one of 50 parallel identical codes, whichever way it is sent", async () => {
    const slug = await addWorkflow("Racing");
    const { username, api_key } = (await post(servers[0], `/workflows/${slug}/nodes/create/call`)).body;
    const ways: [string, (code: unknown) => object][] = [
      [`/agent-users/${username}/verify`, (code) => ({ code })],
      ["/auth/session", (code) => ({ api_key, code })],
      [`/workflows/${slug}/nodes/verify/call`, (code) => ({ arguments: { code } })],
    ];
    for (const [path, body] of ways) {
      // A fresh account for each way, so that no test waits for the next step of the clock.
      await sql`update agent_user set last_counter = -1, failures_in_a_row = 0, recent_failures = '{}', locked_until = null where username = ${String(username)}`.execute(
        database.kysely,
      );
      const code = (await post(servers[1], `/workflows/${slug}/nodes/code/call`)).body.totp_code;
      const answers = await across(50, path, body(code));
      const statuses = answers.map(({ status }) => status);
      expect(
        statuses.filter((status) => status === 200),
        path,
      ).toHaveLength(1);
      expect(
        statuses.filter((status) => status === 401 || status === 429),
        path,
      ).toHaveLength(49);
    }
  });

  it("C9: share one budget of five wrong codes", async () => {
    const slug = await addWorkflow("Guessing");
    const { username } = (await post(servers[0], `/workflows/${slug}/nodes/create/call`)).body;
    // Not a code of any step near now, and if it were, it would be accepted once and the count say so.
    const answers = await across(60, `/agent-users/${username}/verify`, { code: "000000" });
    const statuses = answers.map(({ status }) => status);
    const accepted = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(55 - accepted);
  });

  it("see each other's changes at once: a tool unwired, an account disabled, a workflow deleted on one is so on the other", async () => {
    const slug = await addWorkflow("Changed");
    const call = (server: ServerProcess | undefined) => post(server, `/workflows/${slug}/nodes/code/call`);
    await post(servers[0], `/workflows/${slug}/nodes/create/call`);
    for (const server of servers) expect((await call(server)).status).toBe(200);
    await post(servers[0], `/agent-users/agent_${slug}_agent/disable`);
    expect((await call(servers[1])).body.code).toBe("AGENT_USER_DISABLED");
    await post(servers[1], `/agent-users/agent_${slug}_agent/enable`);
    expect((await call(servers[0])).status).toBe(200);

    const graph = agentWorkflow();
    const unwired = {
      version: 1,
      nodes: graph.nodes,
      edges: graph.edges.filter(({ id }) => id !== "code-agent" && id !== "platform-agent"),
    };
    const put = await fetch(`${servers[0]?.url}/api/v1/workflows/${slug}`, {
      method: "PUT",
      headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
      body: JSON.stringify(unwired),
    });
    expect(put.status).toBe(200);
    expect((await call(servers[1])).body.code).toBe("AGENT_NOT_CONNECTED");
    const platform = await post(servers[1], `/workflows/${slug}/nodes/platform/call`, {
      arguments: { path: "/api/v1/whoami" },
    });
    expect(platform.body.code).toBe("AGENT_NOT_CONNECTED");

    await fetch(`${servers[1]?.url}/api/v1/workflows/${slug}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${adminKey}` },
    });
    for (const server of servers) expect((await call(server)).body.code).toBe("WORKFLOW_NOT_FOUND");
  });

  it("H6: end a stream at one server soon after its key or session ended at the other", async () => {
    const [one, two] = servers;
    const slug = String(
      (await post(one, "/workflows", { name: "Streamed", ...waitingWorkflow() })).body.slug,
    );
    const run = String((await post(one, `/workflows/${slug}/runs`, { input: "go" })).body.id);
    /** Reads at the second server until the stream ends. */
    const openStream = async (headers: Record<string, string>) => {
      const response = await fetch(`${two?.url}/api/v1/runs/${run}/events`, { headers });
      expect(response.status).toBe(200);
      const reader = response.body?.getReader();
      await reader?.read();
      const readAll = async () => {
        for (let part = await reader?.read(); part && !part.done; part = await reader?.read());
      };
      return { ended: readAll().catch(() => {}) };
    };
    const made = await post(one, "/keys", { name: "streamed", scopes: ["workflows:read"] });
    const byKey = await openStream({ authorization: `Bearer ${made.body.key}` });
    const proof = random.bytes(32).toString("base64url");
    const signedIn = await fetch(`${one?.url}/api/v1/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-totem-proof": proof },
      body: JSON.stringify({ key: adminKey }),
    });
    const page = {
      cookie: signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "",
      "x-totem-proof": proof,
    };
    const bySession = await openStream(page);
    await fetch(`${one?.url}/api/v1/keys/${made.body.id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${adminKey}` },
    });
    await byKey.ended;
    await fetch(`${one?.url}/api/v1/people/me/sessions`, { method: "DELETE", headers: page });
    await bySession.ended;
  });

  it("H15: take a sign-in link that the other printed, once", async () => {
    const token = `totem_link_${random.bytes(32).toString("base64url")}`;
    await sql`insert into sign_in_link (token_hash, workspace_id, expires_at)
      select ${createHash("sha256").update(token).digest("base64url")}, id, now() + interval '1 hour'
      from workspace`.execute(database.kysely);
    const signIn = async (server: ServerProcess | undefined) =>
      (
        await fetch(`${server?.url}/api/v1/auth/sign-in`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-totem-proof": "p".repeat(43) },
          body: JSON.stringify({ link: token }),
        })
      ).status;
    const answers = await Promise.all(servers.map(signIn));
    expect(answers.sort()).toEqual([204, 401]);
  });
});
