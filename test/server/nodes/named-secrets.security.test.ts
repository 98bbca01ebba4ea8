import { EventEmitter, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import { addPerson } from "../../support/add-person.ts";
import { endOf, startAsking } from "../../support/asking-run.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { independentCode } from "../../support/independent-code.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const received: { url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
/** What the services keep, and tell to each that asks. */
const notes: string[] = [];
/** Requests whose answers a test gives. */
const held = new EventEmitter();
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const token = 'ghp_c"a&n<a=r\\y+4711';
const password = "correct-horse:battery/9";
const canaries = [token, password];

/** A service that repeats all that it was sent, as careless ones do, in many spellings. */
async function startEcho(): Promise<{ server: Server; url: string }> {
  const echo = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ url: request.url ?? "", headers: request.headers, body });
      response.setHeader("content-type", "application/json");
      if (request.url?.startsWith("/leave")) {
        response.statusCode = 302;
        response.setHeader("location", `${other.url}/`);
      }
      if (request.url?.startsWith("/note")) notes.push(body);
      const heard = `${request.url} ${request.headers.authorization ?? ""} ${request.headers["x-token"] ?? ""} ${notes.join(" ")} ${body}`;
      const answer = (told: string) =>
        response.end(
          JSON.stringify({
            heard: told,
            base64: Buffer.from(told).toString("base64"),
            encoded: encodeURIComponent(told),
            json: JSON.stringify(told),
            spaced: told.split("").join(" "),
          }),
        );
      if (request.url?.startsWith("/held")) return void held.emit("asked", answer);
      answer(heard);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => echo.once("listening", resolve));
  return { server: echo, url: `http://127.0.0.1:${(echo.address() as AddressInfo).port}` };
}

let home: Awaited<ReturnType<typeof startEcho>>;
let other: Awaited<ReturnType<typeof startEcho>>;

beforeAll(async () => {
  [home, other] = [await startEcho(), await startEcho()];
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: `${home.url},${other.url}` } });
});
beforeEach(() => {
  received.length = 0;
  notes.length = 0;
});
afterAll(async () => {
  home.server.close();
  other.server.close();
  await server.stop();
});

async function addAgent(name: string, steps: ScriptStep[] = [{ say: "Done." }]) {
  const tools = {
    create: "create_agent_user",
    http: "http_request",
    platform: "platform_api",
    store: "vault_store",
  };
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent"),
        node("model", "ai_model", { provider: "scripted", steps: steps as never }),
        ...Object.entries(tools).map(([id, type]) =>
          node(id, type, type === "platform_api" ? { base_url: home.url } : {}),
        ),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model"), ...Object.keys(tools).map((id) => toolEdge(id))],
    },
    name,
  );
  const { body } = await server.call(slug, "create");
  return { slug, username: body.username as string };
}

/** An entry of the workspace that this agent may use at `home`. */
async function addEntry(username: string, name: string, { rights = ["data", "codes"], policy = {} } = {}) {
  const { body } = await server.api("POST", "/vault/entries", {
    name,
    type: "LOGIN",
    data: { username: "ada", password, token, pin: 4711, nested: { no: "text" } },
    one_time: { secret: seed },
    backup_codes: ["9999-8888"],
  });
  await server.database.kysely
    .updateTable("vault_entry")
    .set({ origins: [home.url] })
    .where("id", "=", body.id)
    .execute();
  const granted = await server.api("PUT", `/vault/entries/${body.id}/grants`, {
    grantee: { kind: "agent_user", name: username },
    rights,
    policy,
  });
  expect(granted.status, granted.text).toBeLessThan(300);
  return body.id as string;
}

const send = async (slug: string, request: object) => (await server.call(slug, "http", request)).body;

/** All that is stored or logged but the sealed entry itself, and every answer. */
async function everywhere(...answers: unknown[]): Promise<string> {
  const { kysely } = server.database;
  const rows = await Promise.all(
    (["audit_event", "run_event", "run_step", "workflow_run"] as const).map((table) =>
      kysely.selectFrom(table).selectAll().execute(),
    ),
  );
  return JSON.stringify([rows, server.log, answers]);
}

/** A value in no spelling that a reader could turn back. */
function expectHidden(text: string): void {
  for (const canary of canaries) {
    const written = JSON.stringify(canary).slice(1, -1);
    for (const form of [
      canary,
      written,
      JSON.stringify(written).slice(1, -1),
      encodeURIComponent(canary),
      Buffer.from(canary).toString("base64").slice(2, -4),
      canary.split("").join(" "),
    ])
      expect(text.includes(form), form).toBe(false);
  }
}

describe("H11: a named secret is put into a request at the door", () => {
  it("arrives in headers, in the query and in the body, and comes back from nowhere", async () => {
    const { slug, username } = await addAgent("Places");
    const id = await addEntry(username, "github");
    const answer = await send(slug, {
      method: "POST",
      url: `${home.url}/a?x=1&t={{vault.github.token}}&y=%2B`,
      headers: { authorization: "Bearer {{vault.github.token}}", "x-pin": "{{ vault.github.pin }}" },
      body: { list: ["{{vault.github.token}}"], text: "It is {{vault.github.password}}!" },
    });
    expect(answer).toMatchObject({ success: true, status: 200 });
    const [got] = received;
    expect(new URL(got?.url ?? "", home.url).searchParams.get("t")).toBe(token);
    expect(got?.url).toContain("&y=%2B");
    expect(got?.headers.authorization).toBe(`Bearer ${token}`);
    expect(got?.headers["x-pin"]).toBe("4711");
    expect(JSON.parse(got?.body ?? "")).toEqual({ list: [token], text: `It is ${password}!` });
    expectHidden(await everywhere(answer));
    const { body } = await server.api("GET", `/audit-events?subject=${id}`);
    const released = body.audit_events.filter(
      ({ action }: { action: string }) => action === "vault.field_released",
    );
    expect(released.map(({ reason }: { reason: string }) => reason).toSorted()).toEqual([
      `field password to ${home.url}`,
      `field pin to ${home.url}`,
      `field token to ${home.url}`,
    ]);
    expect(released[0]).toMatchObject({ result: "ok", on_behalf_of: username, node_id: "http" });
    // The server still knows it, and so does the door.
    const later = await send(slug, { url: `${home.url}/later`, headers: { "x-token": "none" } });
    expect(later.success).toBe(true);
  });

  it("H11: is hidden from the agent's other tools too, whichever of them sent it", async () => {
    const { slug, username } = await addAgent("Notes");
    await addEntry(username, "notes");
    const platform = async (request: object) => (await server.call(slug, "platform", request)).body;
    const body = { a: "{{vault.notes.token}}", b: "{{vault.notes.password}}" };
    await send(slug, { method: "POST", url: `${home.url}/note`, body });
    expect(JSON.parse(notes[0] ?? "")).toEqual({ a: token, b: password });
    const read = await platform({ path: "/note" });
    expect(read).toMatchObject({ success: true, status: 200 });
    expectHidden(JSON.stringify(read));
    const made = { name: "made", generate_password: true, url: `${home.url}/sign-up` };
    const { password_handle } = (await server.call(slug, "store", made)).body;
    await platform({ method: "POST", path: "/note", body: { password: password_handle } });
    const generated: string = JSON.parse(notes.at(-1) ?? "").password;
    expect(generated).not.toContain("totem:");
    const later = [await send(slug, { url: `${home.url}/note` }), await platform({ path: "/note" })];
    expect(later).toMatchObject([{ success: true }, { success: true }]);
    for (const form of [generated, encodeURIComponent(generated), generated.split("").join(" ")])
      expect(JSON.stringify(later)).not.toContain(JSON.stringify(form).slice(1, -1));
  });

  it.each(["http", "platform"])(
    "H11: is hidden from %s also where it was sent while that waited",
    async (reader) => {
      const { slug, username } = await addAgent(`Waiting ${reader}`);
      await addEntry(username, `waits-${reader}`);
      const asked = once(held, "asked");
      const where = reader === "http" ? { url: `${home.url}/held` } : { path: "/held" };
      const reading = server.call(slug, reader, where);
      const [answer] = await asked;
      const body = { a: `{{vault.waits-${reader}.token}}`, b: `{{vault.waits-${reader}.password}}` };
      await send(slug, { method: "POST", url: `${home.url}/note`, body });
      answer(notes[0]);
      const read = (await reading).body;
      expect(read).toMatchObject({ success: true, status: 200 });
      expectHidden(JSON.stringify(read));
    },
  );

  it("is encoded for its place: a form, XML, JSON as text, Basic credentials", async () => {
    const { slug, username } = await addAgent("Encoded");
    await addEntry(username, "encoded");
    const post = (type: string, body: unknown, headers = {}) =>
      send(slug, { method: "POST", url: home.url, headers: { "content-type": type, ...headers }, body });
    await post("application/x-www-form-urlencoded", "a=1&token={{vault.encoded.token}}&b=%7B");
    expect(received[0]?.body).toBe(`a=1&token=${encodeURIComponent(token)}&b=%7B`);
    await post("application/xml", "<t a='{{vault.encoded.token}}'/>");
    expect(received[1]?.body).toBe("<t a='ghp_c&#34;a&#38;n&#60;a=r\\y+4711'/>");
    await post("text/plain", "{{vault.encoded.token}}");
    expect(received[2]?.body).toBe(token);
    const answer = await post("application/json", "{{vault.encoded.token}}", {
      Authorization: "Basic {{vault.encoded.username}}:{{vault.encoded.password}}",
    });
    expect(received[3]?.body).toBe(JSON.stringify(token));
    const basic = String(received[3]?.headers.authorization).replace("Basic ", "");
    expect(Buffer.from(basic, "base64").toString()).toBe(`ada:${password}`);
    expectHidden(JSON.stringify(answer));
    expect((await post("application/yaml", "t: {{vault.encoded.token}}")).code).toBe("SECRET_MISPLACED");
  });

  it("named code is the one-time code of this moment, and a name with dots stands in quotes", async () => {
    const { slug, username } = await addAgent("Dots");
    await addEntry(username, "api.it's {1}");
    const before = new Date();
    const answer = await send(slug, {
      method: "POST",
      url: home.url,
      body: { code: "{{vault.'api.it''s {1}'.code}}" },
    });
    expect(answer.success).toBe(true);
    const { code } = JSON.parse(received[0]?.body ?? "");
    const near = [0, 30_000].map((later) =>
      independentCode(seed, { algorithm: "SHA1", digits: 6, period: 30 }, new Date(before.getTime() + later)),
    );
    expect(near).toContain(code);
    expect(JSON.stringify(answer)).not.toContain(code);
  });

  it("goes to no other origin, also where that is on the operator's list, and follows no redirect", async () => {
    const { slug, username } = await addAgent("Elsewhere");
    const id = await addEntry(username, "elsewhere");
    const headers = { authorization: "Bearer {{vault.elsewhere.token}}" };
    const answer = await send(slug, { url: other.url, headers });
    expect(answer.code).toBe("SECRET_NOT_FOR_ORIGIN");
    expect(answer.error).toContain(home.url);
    const named = home.url.replace("127.0.0.1", "localhost");
    expect((await send(slug, { url: named, headers })).code).toBe("ADDRESS_REFUSED");
    expect(received).toEqual([]);
    expect((await send(slug, { url: `${home.url}/leave`, headers })).status).toBe(302);
    expect(received).toHaveLength(1);
    await server.database.kysely
      .updateTable("vault_entry")
      .set({ origins: [] })
      .where("id", "=", id)
      .execute();
    const nowhere = await send(slug, { url: home.url, headers });
    expect([nowhere.code, nowhere.error]).toEqual([
      "SECRET_NOT_FOR_ORIGIN",
      `This entry belongs to no origin yet. A manager of the entry can add ${home.url} to it.`,
    ]);
    const { body } = await server.api("GET", `/audit-events?subject=${id}`);
    // The log has the first refusal of a minute.
    const refused = body.audit_events.filter(({ result }: { result: string }) => result === "refused");
    expect(refused).toMatchObject([
      { action: "vault.field_released", reason: `field 1 refused (origin) to ${other.url}` },
    ]);
  });

  it.each<[string, { url?: string; method?: string; headers?: object; body?: object }]>([
    ["the path", { url: "/{{vault.places.token}}" }],
    ["the path, encoded", { url: "/%7B%7Bvault.places.token%7D%7D" }],
    ["the fragment", { url: "/#{{vault.places.token}}" }],
    ["the name of a header", { headers: { "x-{{vault.places.token}}": "1" } }],
    ["the name of a field", { method: "POST", body: { "{{vault.places.token}}": 1 } }],
    ["a cookie that it would end", { headers: { cookie: "a={{vault.lines.semicolon}}" } }],
    ["a header that it would end", { headers: { "x-a": "{{vault.lines.key}}" } }],
    ["a user name that it would end", { headers: { authorization: "Basic {{vault.lines.colon}}:x" } }],
    ["a wrong spelling", { headers: { "x-a": "{{vault.places}}" } }],
  ])("is refused in %s, with a sentence", async (_, { url = "/", ...request }) => {
    const { slug, username } = await addAgent("Misplaced");
    await addEntry(username, "places");
    const { body } = await server.api("POST", "/vault/entries", {
      name: "lines",
      data: { key: "a\r\nx-b: c", semicolon: "a;b", colon: "a:b" },
    });
    await server.database.kysely
      .updateTable("vault_entry")
      .set({ origins: [home.url] })
      .execute();
    if (body.id)
      await server.api("PUT", `/vault/entries/${body.id}/grants`, {
        grantee: { kind: "agent_user", name: username },
        rights: ["data"],
      });
    const answer = await send(slug, { url: `${home.url}${url}`, ...request });
    expect(answer.code).toBe("SECRET_MISPLACED");
    expect(answer.error).toMatch(/\.$/);
    expect(received).toEqual([]);
    // Names are unique for their owner.
    await server.database.kysely.deleteFrom("vault_entry").execute();
  });

  it("is refused where the host would hold it", async () => {
    const { slug } = await addAgent("Host");
    const answer = await send(slug, { url: "http://{{vault.github.token}}.example/" });
    expect(answer.code).toBe("SECRET_MISPLACED");
  });

  it("needs the right to the entry, as a code does: grant, policy and limit", async () => {
    const mine = await addAgent("Rights");
    const stranger = await addAgent("Stranger");
    const use = (slug: string, name: string) =>
      send(slug, { url: home.url, headers: { "x-token": name } }).then(({ code }) => code);
    await addEntry(mine.username, "only codes", { rights: ["codes"] });
    expect(await use(mine.slug, "{{vault.only codes.token}}")).toBe("FORBIDDEN");
    expect(await use(stranger.slug, "{{vault.only codes.token}}")).toBe("VAULT_ENTRY_NOT_FOUND");
    const onlyData = await addEntry(mine.username, "only data", { rights: ["data"] });
    expect(await use(mine.slug, "{{vault.only data.code}}")).toBe("FORBIDDEN");
    expect(await use(mine.slug, "{{vault.only data.nested}}")).toBe("SECRET_FIELD_UNKNOWN");
    expect(await use(mine.slug, "{{vault.only data.toString}}")).toBe("SECRET_FIELD_UNKNOWN");
    expect(await use(mine.slug, "{{vault.only data.backup_code}}")).toBe("SECRET_FIELD_UNKNOWN");
    const traces = (await server.api("GET", `/audit-events?subject=${onlyData}`)).body.audit_events;
    expect(traces).toContainEqual(
      expect.objectContaining({
        result: "refused",
        reason: `field 1 refused (unknown_field) to ${home.url}`,
      }),
    );
    await addEntry(mine.username, "denied", { policy: { decision: "deny" } as object });
    expect(await use(mine.slug, "{{vault.denied.token}}")).toBe("POLICY_REFUSED");
    await addEntry(mine.username, "elsewhere only", { policy: { workflows: ["another"] } as object });
    expect(await use(mine.slug, "{{vault.elsewhere only.token}}")).toBe("POLICY_REFUSED");
    expect(received).toEqual([]);
    await addEntry(mine.username, "twice", { policy: { max_reads_per_hour: 1 } as object });
    expect(await use(mine.slug, "{{vault.twice.token}}")).toBe(undefined);
    expect(await use(mine.slug, "{{vault.twice.token}}")).toBe("RATE_LIMITED");
    expect(received).toHaveLength(1);
  });

  it("waits for people where the entry asks, once for all its fields, and the model reads names only", async () => {
    const login = {
      tool: "http_request",
      arguments: {
        method: "POST",
        url: home.url,
        headers: { "x-token": "{{vault.asked.token}}" },
        body: { user: "{{vault.asked.username}}", code: "{{vault.asked.code}}" },
        reason: "To sign in.",
      },
    };
    const { slug, username } = await addAgent("Asks", [login, { say: "Heard {{http_request.body}}" }]);
    const id = await addEntry(username, "asked");
    expect(
      (await server.api("PUT", `/vault/entries/${id}/ask`, { ask: { roles: ["administrator", "operator"] } }))
        .status,
    ).toBe(200);
    const [ada, ben] = [
      await addPerson(server, { roles: ["administrator"] }),
      await addPerson(server, { roles: ["operator"] }),
    ];
    const { runId, question } = await startAsking(server, ada, slug);
    expect(question).toMatchObject({ subject: { name: "asked" } });
    expect(received).toEqual([]);
    const yes = await ben.send("POST", `/approvals/${question.id}`, { decision: "approve" });
    expect(yes.status, yes.text).toBeLessThan(300);
    const ended = await endOf(server, runId);
    expect(ended.status).toBe("succeeded");
    expect(received).toHaveLength(1);
    expect(received[0]?.headers["x-token"]).toBe(token);
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      user: "ada",
      code: expect.stringMatching(/^\d{6}$/),
    });
    const run = (await server.api("GET", `/runs/${runId}`)).text;
    expect(run).toContain("{{vault.asked.token}}");
    expectHidden(await everywhere(run));
  });
});
