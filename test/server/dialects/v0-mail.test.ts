import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { purgeBodies } from "../../../server/inbox/sweep.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
const keys = { one: "", two: "", program: "" };
const username = { one: "agent_mail_agent", two: "agent_mail_other" };

/** As its clients do: with a JSON content type also where there is no body. */
const v0 = (method: string, path: string, body?: unknown, as = keys.one) =>
  server.send(method, `/v0${path}`, body, {
    authorization: `Bearer ${as}`,
    "content-type": "application/json",
  });

const push = async (to: string, content: string, more: object = {}): Promise<string> => {
  clock.advance(1);
  const sent = { totp_identifier: to, content, ...more };
  return (await server.send("POST", "/v1/credentials/totp", sent, { "x-api-key": server.adminKey })).body
    .totp_code_id;
};

const giveMail = (name: string, more: readonly string[] = ["mail:read", "mail:manage"]) =>
  server.api("PATCH", `/agent-users/${name}`, {
    scopes: ["codes:read", "workflows:read", "vault:read", "vault:write", ...more],
  });

beforeAll(async () => {
  server = await startTestServer({ clock });
  const graph = agentWorkflow();
  graph.nodes.push(node("other", "agent"));
  graph.edges.push(toolEdge("create", "other"));
  const slug = await server.addWorkflow(graph, "Mail");
  keys.one = (await server.call(slug, "create", {}, "agent")).body.api_key;
  keys.two = (await server.call(slug, "create", {}, "other")).body.api_key;
  await giveMail(username.one);
  await giveMail(username.two);
  const made = { name: "mail program", scopes: ["mail:read", "mail:manage"] };
  keys.program = (await server.api("POST", "/keys", made)).body.key;
});
afterAll(() => server.stop());

describe("/v0/messages", () => {
  it("gives what the clients read: newest first, with the text that is somebody's own", async () => {
    await push(username.one, "Welcome to Example. There is nothing to do.");
    const text = "Your Example code is 482913.\n\n-- \nExample Ltd, 1 Road\n";
    const id = await push(username.one, text);
    const { status, body } = await v0("GET", "/messages?labels=unread&limit=1");
    expect(status).toBe(200);
    expect(body).toEqual({
      messages: [
        {
          messageId: id,
          threadId: id,
          inboxId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          from: [],
          to: [username.one],
          cc: [],
          subject: "",
          text,
          extractedText: "Your Example code is 482913.",
          labels: ["unread"],
          createdAt: clock.now().toISOString(),
        },
      ],
      count: 1,
      nextPageToken: expect.any(String),
    });
    // As the recipe of both companies does it.
    expect(body.messages[0].extractedText.match(/\d{6}/)?.[0]).toBe("482913");
    expect((await v0("GET", `/messages/${id}`)).body).toEqual(body.messages[0]);
  });

  it("gives every message once over its pages, also while they are deleted", async () => {
    const program = (path: string, method = "GET") => v0(method, path, undefined, keys.program);
    const ids: string[] = [];
    for (let count = 0; count < 7; count++)
      ids.push(await push("pages@example.com", `Message ${count}: nothing to see.`));
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const { body } = await program(`/messages?limit=3${token ? `&pageToken=${token}` : ""}`);
      expect(body.count).toBe(body.messages.length);
      token = body.nextPageToken;
      for (const { messageId } of body.messages) {
        seen.push(messageId);
        expect((await program(`/messages/${messageId}`, "DELETE")).status).toBe(204);
      }
    } while (token);
    expect(seen).toEqual(ids.reverse());
    expect((await program("/messages")).body).toEqual({ messages: [], count: 0 });
  });

  it("finds by labels, with commas or repeated, and by sender", async () => {
    const id = await push(username.one, "For the labels, nothing else.");
    const patched = await v0("PATCH", `/messages/${id}`, {
      addLabels: ["done", "shop"],
      removeLabels: ["unread"],
    });
    expect(patched).toMatchObject({
      status: 200,
      body: { messageId: id, labels: ["done", "shop"], text: "For the labels, nothing else." },
    });
    for (const query of ["labels=done,shop", "labels=done&labels=shop", "labels=shop", "labels=%20done%20,"])
      expect((await v0("GET", `/messages?${query}`)).body).toMatchObject({
        count: 1,
        messages: [{ messageId: id }],
      });
    expect((await v0("GET", "/messages?labels=done,unread")).body).toEqual({ messages: [], count: 0 });
    expect((await v0("GET", "/messages?from=nobody@example.com")).body.count).toBe(0);
    expect((await v0("GET", "/messages?from=")).body.count).toBeGreaterThan(0);
  });

  it("deletes with an empty body, and after that there is nothing", async () => {
    const id = await push(username.one, "To be deleted.");
    const deleted = await v0("DELETE", `/messages/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    for (const [method, body] of [["GET"], ["DELETE"], ["PATCH", {}]] as const)
      expect(await v0(method, `/messages/${id}`, body)).toMatchObject({
        status: 404,
        body: { error: "not_found" },
      });
  });

  it("D1: shows an agent only its own mailbox: ids of others are like unknown ids", async () => {
    const theirs = await push(username.two, "Your code is 771204.");
    const shared = await push("team@example.com", "Your code is 771205.");
    for (const id of [
      theirs,
      shared,
      "3d3e2f0a-0000-4000-8000-000000000000",
      "msg_1",
      "%00",
      "x".repeat(200),
    ])
      for (const [method, path] of [
        ["GET", `/messages/${id}`],
        ["PATCH", `/messages/${id}`],
        ["DELETE", `/messages/${id}`],
        ["GET", `/threads/${id}`],
      ] as const) {
        const { status, body } = await v0(method, path, method === "PATCH" ? {} : undefined);
        expect({ id, method, status, error: body.error }).toEqual({
          id,
          method,
          status: 404,
          error: "not_found",
        });
      }
    for (const path of ["/messages?limit=100", "/threads?limit=100"]) {
      const { text } = await v0("GET", path);
      expect(text).not.toMatch(new RegExp(`${theirs}|${shared}`));
      expect(withoutRandom(text)).not.toContain("77120");
    }
    // A program has what is the workspace's, and no agent's.
    expect((await v0("GET", `/messages/${shared}`, undefined, keys.program)).status).toBe(200);
    expect((await v0("GET", `/messages/${theirs}`, undefined, keys.program)).status).toBe(404);
    expect((await v0("GET", `/messages/${theirs}`, undefined, keys.two)).body.text).toContain("771204");
  });

  it("needs mail:read to read and mail:manage to change; who may only change gets no text back", async () => {
    const id = await push(username.one, "Your code is 118822.");
    await giveMail(username.one, ["mail:read"]);
    for (const [method, body] of [["PATCH", {}], ["DELETE"]] as const)
      expect(await v0(method, `/messages/${id}`, body)).toMatchObject({
        status: 403,
        body: { error: "forbidden" },
      });
    await giveMail(username.one, ["mail:manage"]);
    for (const path of ["/messages", `/messages/${id}`, "/threads", `/threads/${id}`])
      expect((await v0("GET", path)).status).toBe(403);
    const patched = await v0("PATCH", `/messages/${id}`, { addLabels: ["seen"] });
    expect(patched.body).toMatchObject({ text: null, extractedText: null, labels: ["unread", "seen"] });
    expect(withoutRandom(patched.text)).not.toContain("118822");
    await giveMail(username.one);
  });

  it("refuses in its own shape, and repeats nothing that was sent", async () => {
    const canary = "CANARY0455";
    for (const query of [`limit=${canary}`, "limit=101", "limit=0", `pageToken=${canary}`, "labels=%00"]) {
      const { status, body, text } = await v0("GET", `/messages?${query}`);
      expect({ query, status, error: body.error }).toEqual({ query, status: 400, error: "bad_request" });
      expect(text).not.toContain(canary);
    }
    const id = await push(username.one, "Nothing.");
    for (const body of [
      { addLabels: canary },
      { addLabels: [canary, 1] },
      { addLabels: [`${canary}\u0000`] },
    ]) {
      const answer = await v0("PATCH", `/messages/${id}`, body);
      expect([answer.status, answer.body.error]).toEqual([400, "bad_request"]);
      expect(answer.text).not.toContain(canary);
    }
  });

  it("G4: refuses a page that begins at a time no database has", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    for (const path of ["/messages", "/threads"]) {
      for (const time of ["999999999999999", "99999999999999"])
        expect(await v0("GET", `${path}?pageToken=${time}_${id}`)).toMatchObject({
          status: 400,
          body: { error: "bad_request" },
        });
      expect((await v0("GET", `${path}?pageToken=9999999999999_${id}`)).status).toBe(200);
    }
  });

  it("G7: has a trace of every list and message that was read, of labels and of deleting", async () => {
    const id = await push(username.one, "For the audit log.");
    await v0("GET", "/messages");
    await v0("GET", `/messages/${id}`);
    await v0("PATCH", `/messages/${id}`, { addLabels: ["x"] });
    await v0("DELETE", `/messages/${id}`);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=5")).body;
    expect(audit_events.map(({ action }: { action: string }) => action).reverse()).toEqual([
      "inbox.list_read",
      "inbox.message_read",
      "inbox.message_labelled",
      "inbox.message_read",
      "inbox.message_deleted",
    ]);
    for (const event of audit_events)
      expect(event).toMatchObject({ actor_kind: "agent_user", actor: username.one });
  });
});

describe("/v0/threads", () => {
  it("lists threads by their newest message, and opens one with its messages oldest first", async () => {
    const inbox = "threads@example.com";
    const program = (path: string) => v0("GET", path, undefined, keys.program);
    const first = await push(inbox, "First, nothing to see.");
    const second = await push(inbox, "Second, nothing to see.");
    const { database } = server;
    // Answers come by mail; here it is enough that they are of one thread.
    const third = await push(inbox, "Third, nothing to see.");
    await database.kysely
      .updateTable("inbox_message")
      .set({ thread_id: first })
      .where("id", "=", third)
      .execute();
    const page = (await program("/threads?limit=1")).body;
    expect(page).toMatchObject({ count: 1, threads: [{ threadId: first, messageCount: 2, subject: "" }] });
    const next = (await program(`/threads?limit=1&pageToken=${page.nextPageToken}`)).body;
    expect(next.threads[0]).toMatchObject({ threadId: second, messageCount: 1 });
    const opened = (await program(`/threads/${first}`)).body;
    expect(opened).toMatchObject({ ...page.threads[0], totalMessages: 2 });
    expect(opened.messages.map(({ messageId }: { messageId: string }) => messageId)).toEqual([first, third]);
    expect((await program(`/threads/${first}?limit=1`)).body).toMatchObject({
      totalMessages: 2,
      messages: [{ messageId: third }],
    });
  });
});

it("F9: leaves no word of a message once its body was deleted", async () => {
  const id = await push(username.one, "Your code is 993311, Dora.");
  clock.advance(25 * 3600);
  await purgeBodies({ db: server.database.kysely, clock, keepBodiesMs: 24 * 3600 * 1000 });
  const { body, text } = await v0("GET", `/messages/${id}`);
  expect(body).toMatchObject({ messageId: id, text: "", extractedText: "", subject: "", from: [] });
  expect(withoutRandom(text)).not.toMatch(/993311|Dora/);
  expect((await v0("GET", `/threads/${id}`)).body).toMatchObject({ subject: "", messages: [{ text: "" }] });
});
