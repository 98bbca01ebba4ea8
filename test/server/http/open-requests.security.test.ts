import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { type Answer, startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { waitingWorkflow } from "../../support/waiting-run.ts";

let server: TestServer;
let runId: string;
let slug: string;
let agent: string;

beforeAll(async () => {
  server = await startTestServer();
  // Its run waits for a code that never comes.
  slug = await server.addWorkflow(waitingWorkflow(), "Open");
  runId = (await server.api("POST", `/workflows/${slug}/runs`, { input: "go" })).body.id;
  agent = (await server.call(slug, "create")).body.username;
});
afterAll(() => server.stop());

type Headers = Record<string, string>;
const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const pageOf = ({ cookie, proof }: PersonSession): Headers => ({ cookie, "x-totem-proof": proof });
let keys = 0;
const newKey = async (scopes: readonly string[], more: object = {}) =>
  (await server.api("POST", "/keys", { name: `opened ${++keys}`, scopes, ...more })).body as {
    id: string;
    key: string;
  };

/** A run's events, read until the stream ends. Resolves once it is open. */
async function openStream(headers: Headers): Promise<{ readonly ended: Promise<"ended"> }> {
  const response = await fetch(`${server.url}/api/v1/runs/${runId}/events`, { headers });
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  await reader?.read();
  const readAll = async (): Promise<"ended"> => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read());
    return "ended";
  };
  return { ended: readAll().catch(() => "ended" as const) };
}

const addressOfWaits = "nothing@example.com";
const waiting = async (): Promise<number> =>
  (await server.api("GET", "/inbox/waits")).body.waits.filter(
    (each: { state: string; address: string }) => each.state === "waiting" && each.address === addressOfWaits,
  ).length;

/** Waits for a code that never comes. Resolves when it waits, with what the server will answer. */
async function openWait(headers: Headers): Promise<{ readonly answer: Promise<Answer> }> {
  const body = { address: addressOfWaits, timeout_seconds: 120 };
  const answer = server.send("POST", "/api/v1/inbox/wait", body, headers);
  await expect.poll(waiting, { timeout: 15_000 }).toBe(1);
  return { answer };
}

describe("H6: a stream ends with what opened it", () => {
  it("with the session: signed out here, from another session, everywhere, or by removing the person", async () => {
    const db = server.database.kysely;
    for (const end of [
      (one: PersonSession) => one.send("DELETE", "/auth/sign-in"),
      async (one: PersonSession) => {
        const other = await signInPerson(server);
        const { sessions } = (await one.send("GET", "/people/me/sessions")).body;
        return other.send("DELETE", `/people/me/sessions/${sessions[0].id}`);
      },
      async () => (await signInPerson(server)).send("DELETE", "/people/me/sessions"),
      async () => {
        await db.updateTable("workspace_member").set({ removed_at: sql`now()` }).execute();
        return { status: 204 };
      },
    ]) {
      const one = await signInPerson(server);
      const stream = await openStream(pageOf(one));
      expect((await end(one)).status).toBe(204);
      expect(await stream.ended).toBe("ended");
      await db.updateTable("workspace_member").set({ removed_at: null }).execute();
    }
  });

  it("with the session, when it is too long unused or too old", async () => {
    for (const end of ["last_seen_at = now() - interval '12 hours'", "expires_at = now()"]) {
      const stream = await openStream(pageOf(await signInPerson(server)));
      await sql.raw(`update studio_session set ${end}`).execute(server.database.kysely);
      expect(await stream.ended).toBe("ended");
    }
  });

  it("with the person's role", async () => {
    const db = server.database.kysely;
    const person = await signInPerson(server);
    const stream = await openStream(pageOf(person));
    await db
      .updateTable("workspace_member")
      .set({ roles: ["auditor"] })
      .execute();
    expect(await stream.ended).toBe("ended");
    await db
      .updateTable("workspace_member")
      .set({ roles: ["owner"] })
      .execute();
  });

  it("with the key: revoked or expired", async () => {
    const [one, other] = [
      await newKey(["workflows:read"]),
      await newKey(["workflows:read"], { expires_in: 60 }),
    ];
    const streams = [await openStream(bearer(one.key)), await openStream(bearer(other.key))];
    await server.api("DELETE", `/keys/${one.id}`);
    expect(await streams[0]?.ended).toBe("ended");
    await sql`update service_key set expires_at = now() where id = ${other.id}`.execute(
      server.database.kysely,
    );
    expect(await streams[1]?.ended).toBe("ended");
  });

  it("and with nothing else: the streams of others go on", async () => {
    const [one, other] = [await newKey(["workflows:read"]), await newKey(["workflows:read"])];
    const person = await signInPerson(server);
    const kept = [await openStream(bearer(other.key)), await openStream(pageOf(person))];
    const admins = await openStream(bearer(server.adminKey));
    const stream = await openStream(bearer(one.key));
    await server.api("DELETE", `/keys/${one.id}`);
    await stream.ended;
    // They would have ended in the same check.
    const still = Promise.resolve("open");
    for (const { ended } of [...kept, admins]) expect(await Promise.race([ended, still])).toBe("open");
  });
});

describe("H6: a wait for a code ends with the key of the one who waits", () => {
  it("and is answered 401, with no fault of ours in the log and nobody left waiting", async () => {
    const lines = server.log.length;
    const { id, key } = await newKey(["codes:read", "mail:read", "mail:manage"]);
    const { answer } = await openWait(bearer(key));
    await server.api("DELETE", `/keys/${id}`);
    expect(await answer).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    await expect.poll(waiting).toBe(0);
    expect(server.log.slice(lines).filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it("of a session too", async () => {
    const person = await signInPerson(server);
    const { answer } = await openWait(pageOf(person));
    await person.send("DELETE", "/people/me/sessions");
    expect(await answer).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    await expect.poll(waiting).toBe(0);
  });
});

describe("H6: a tool call over MCP ends with the key or the address", () => {
  it("of an agent: disabled, rotated, session over, or the address revoked", async () => {
    const agentPath = `/agent-users/${agent}`;
    const key = async (): Promise<string> => (await server.call(slug, "create")).body.api_key;
    const call = (path: string, headers: Headers) => {
      const body = {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "wait_for_code", arguments: { timeout_seconds: 120 } },
      };
      const accept = "application/json, text/event-stream";
      const answer = server.send("POST", path, body, { accept, ...headers }).catch(() => "cut" as const);
      return answer;
    };
    const agentWaits = async (): Promise<number> =>
      (await server.api("GET", "/inbox/waits")).body.waits.filter(
        (each: { state: string; agent: string; run_id: string | null }) =>
          each.state === "waiting" && each.agent === agent && each.run_id === null,
      ).length;
    const refused = async (answer: Promise<Answer | "cut">) => {
      const heard = await answer;
      // Its answer may have begun: then it stops without having said anything.
      if (heard !== "cut" && heard.text !== "") expect(heard.status).toBe(401);
      await expect.poll(agentWaits).toBe(0);
    };

    const disabled = call("/mcp", bearer(await key()));
    await expect.poll(agentWaits, { timeout: 15_000 }).toBe(1);
    await server.api("POST", `${agentPath}/disable`);
    await refused(disabled);
    await server.api("POST", `${agentPath}/enable`);

    const rotated = call("/mcp", bearer(await key()));
    await expect.poll(agentWaits, { timeout: 15_000 }).toBe(1);
    await server.api("POST", `${agentPath}/rotate-key`, {});
    await refused(rotated);

    const address = (await server.api("POST", "/mcp-tokens", { agent_user: agent })).body;
    const revoked = call(`/mcp/${address.token}`, {});
    await expect.poll(agentWaits, { timeout: 15_000 }).toBe(1);
    await server.api("DELETE", `/mcp-tokens/${address.id}`);
    await refused(revoked);
  });
});
