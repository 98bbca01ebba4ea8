import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { deliveredCode, refusedBody } from "../../support/delivered-code-schemas.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { random } from "../../support/seeded-random.ts";
import { type Answer, startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

const clock = fixedClock(new Date("2026-04-01T08:00:00Z"));
const path = "/v1/credentials/totp";
let server: TestServer;
let key = "";
let other = "";
let count = 0;

const push = (body: unknown, headers: Record<string, string> = { "x-api-key": key }, to = path) =>
  server.send("POST", to, body, headers);
const list = (query = "", as = key): Promise<Answer> =>
  server.send("GET", `${path}${query}`, undefined, { "x-api-key": as });
/** Nobody else's: every test has addresses of its own. */
const newAddress = (): string => `user${++count}@example.com`;
const addKey = async (name: string, scopes: string[]): Promise<string> =>
  (await server.api("POST", "/keys", { name, scopes })).body.key;
const codesOf = ({ body }: Answer): string[] => body.map(({ code }: { code: string }) => code);

beforeAll(async () => {
  server = await startTestServer({ clock });
  key = await addKey("skyvern", ["mail:manage", "mail:read"]);
  other = await addKey("somebody else", ["mail:read"]);
});
afterAll(() => server.stop());

describe("POST /v1/credentials/totp", () => {
  it("F1: stores what was sent and answers it with its code, with and without a slash at the end", async () => {
    for (const to of [path, `${path}/`]) {
      const totp_identifier = newAddress();
      const content = "Hello, your verification code is 123456";
      const { status, body } = await push({ totp_identifier, content, source: "email" }, undefined, to);
      expect(status).toBe(200);
      expect(deliveredCode.parse(body)).toEqual({
        totp_code_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        totp_identifier,
        organization_id: expect.any(String),
        code: "123456",
        content,
        task_id: null,
        workflow_id: null,
        workflow_run_id: null,
        source: "email",
        type: null,
        otp_type: "totp",
        expired_at: null,
        created_at: clock.now().toISOString(),
        modified_at: clock.now().toISOString(),
      });
    }
  });

  it("F1: takes a key in x-api-key or as a bearer token, and answers every other with one sentence", async () => {
    const body = () => ({ totp_identifier: newAddress(), content: "123456" });
    expect((await push(body(), { "x-api-key": key })).status).toBe(200);
    expect((await push(body(), { authorization: `Bearer ${key}` })).status).toBe(200);
    const without = await addKey("without scope", ["vault:read"]);
    const refused: Record<string, string>[] = [
      {},
      { "x-api-key": "" },
      { "x-api-key": "nobody" },
      { authorization: "Bearer nobody" },
      { authorization: `Basic ${key}` },
      { "x-api-key": `${key}x` },
      { "x-api-key": without },
      { authorization: `Bearer ${without}` },
    ];
    for (const headers of refused)
      for (const [method, to] of [
        ["POST", path],
        ["POST", `${path}/`],
        ["GET", path],
        ["GET", `${path}/`],
      ] as const) {
        const answer = await server.send(method, to, method === "POST" ? body() : undefined, headers);
        expect([answer.status, answer.text]).toEqual([403, '{"detail":"Invalid credentials"}']);
      }
    // Also before the body is read.
    expect(await push("{", {})).toMatchObject({ status: 403 });
  });

  it("F2: says which field is wrong and never what was in it", async () => {
    const canary = "CANARY-7781-482913";
    const valid = { totp_identifier: newAddress(), content: `Your code is ${canary}` };
    const wrong: [unknown, (string | number)[]][] = [
      [{ content: valid.content }, ["body", "totp_identifier"]],
      [{ totp_identifier: valid.totp_identifier }, ["body", "content"]],
      [{ ...valid, content: [canary] }, ["body", "content"]],
      [{ ...valid, content: { [canary]: canary } }, ["body", "content"]],
      [{ ...valid, content: "  " }, ["body", "content"]],
      [{ ...valid, content: `${canary}\u0000` }, ["body", "content"]],
      [{ ...valid, content: `${canary}\ud800` }, ["body", "content"]],
      [{ ...valid, content: canary.repeat(60_000) }, ["body", "content"]],
      [{ ...valid, totp_identifier: canary.repeat(20) }, ["body", "totp_identifier"]],
      [{ ...valid, type: canary }, ["body", "type"]],
      [{ ...valid, expired_at: canary }, ["body", "expired_at"]],
      [{ ...valid, task_id: 7 }, ["body", "task_id"]],
      [[valid], ["body"]],
      [JSON.stringify(canary), ["body"]],
      ["null", ["body"]],
      [`{"content": "${canary}`, ["body"]],
      [`${"[".repeat(5_000)}"${canary}"${"]".repeat(5_000)}`, ["body"]],
    ];
    for (const [body, loc] of wrong) {
      const { status, body: answer, text } = await push(body);
      expect({ loc, status }).toEqual({ loc, status: 422 });
      expect(refusedBody.parse(answer).detail.map((one) => one.loc)).toContainEqual(loc);
      expect(withoutRandom(text)).not.toMatch(/CANARY|482913|"(input|ctx)"/);
    }
    expect(server.log.join("")).not.toContain(canary);
    const plain = { "x-api-key": key, "content-type": "text/plain" };
    expect(await push(canary, plain)).toMatchObject({ status: 422 });
  });

  it("answers 400 for ids of runs and workflows that are not ours, and takes those that are", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Skyvern");
    const run = (await server.api("POST", `/workflows/${slug}/runs`, {})).body.id;
    const workflow = (await server.api("GET", `/workflows/${slug}`)).body.id;
    const b = server.as((await server.api("POST", "/workspaces", { name: "b" })).body.key);
    const theirs = (await b("POST", "/workflows", { name: "Of b", ...agentWorkflow() })).body.slug;
    const theirRun = (await b("POST", `/workflows/${theirs}/runs`, {})).body.id;
    const send = (ids: object) => push({ totp_identifier: newAddress(), content: "123456", ...ids });
    for (const ids of [
      { workflow_run_id: "wr_123456" },
      { workflow_run_id: random.uuid() },
      { workflow_run_id: theirRun },
      { workflow_id: "wpid_123456" },
      { workflow_id: theirs },
      { workflow_run_id: run, workflow_id: theirs },
    ]) {
      const { status, body, text } = await send(ids);
      expect({ ids, status, body }).toEqual({ ids, status: 400, body: { detail: expect.any(String) } });
      expect(withoutRandom(text)).not.toContain("123456");
    }
    for (const ids of [
      { workflow_run_id: run, workflow_id: slug },
      { workflow_id: workflow },
      { task_id: "t" },
    ])
      expect((await send(ids)).body).toMatchObject({ ...ids, code: "123456" });
  });

  it("takes ten characters or fewer for the code itself, and a bare address for a sign-in link", async () => {
    const cases: [string, string, string][] = [
      ["482913", "482913", "totp"],
      [" 482913\n", "482913", "totp"],
      ["AB12-CD34", "AB12-CD34", "totp"],
      ["hello", "hello", "totp"],
      ["https://example.com/login?token=abc123", "https://example.com/login?token=abc123", "magic_link"],
    ];
    for (const [content, code, otp_type] of cases)
      expect((await push({ totp_identifier: newAddress(), content })).body).toMatchObject({
        content,
        code,
        otp_type,
      });
  });

  it("looks for the type that is asked for and no other", async () => {
    const content =
      "Your sign-in code is 482913.\n\nOr sign in with this link: https://example.com/magic?token=abcdef123456";
    const typed = async (type?: string, said = content) =>
      (await push({ totp_identifier: newAddress(), content: said, type })).body;
    expect(await typed("totp")).toMatchObject({ type: "totp", otp_type: "totp", code: "482913" });
    expect(await typed("magic_link")).toMatchObject({
      type: "magic_link",
      otp_type: "magic_link",
      code: "https://example.com/magic?token=abcdef123456",
    });
    expect(await typed("magic_link", "482913")).toMatchObject({ code: "", status: "raw_pending" });
    expect(await typed("totp", "https://example.com/login")).toMatchObject({
      code: "",
      status: "raw_pending",
    });
  });

  it("says so when there is no code in it, and when it is not sure which one is meant", async () => {
    for (const content of [
      "Welcome! Your order 20260401 has been sent to you.",
      "Your code is 111222. Your code is 333444.",
    ]) {
      const { status, body } = await push({ totp_identifier: newAddress(), content });
      expect([status, body.code, body.status, body.content]).toEqual([200, "", "raw_pending", content]);
    }
  });

  it("is the same message when its sender tries again, also at the same moment", async () => {
    const body = { totp_identifier: newAddress(), content: "Your code is 482913" };
    const answers = await Promise.all([push(body), push(body), push(body)]);
    expect(new Set(answers.map((answer) => answer.body.totp_code_id)).size).toBe(1);
    const [first] = answers;
    clock.advance(30);
    expect((await push({ ...body, totp_identifier: body.totp_identifier.toUpperCase() })).body).toMatchObject(
      {
        totp_code_id: first?.body.totp_code_id,
        code: "482913",
      },
    );
    clock.advance(31);
    expect((await push(body)).body.totp_code_id).not.toBe(first?.body.totp_code_id);
  });

  it("F5: hands out nothing that is past its time: ten minutes, or what the sender says where that is less", async () => {
    const listedAfter = async (expired_at: string | undefined, seconds: number): Promise<string[]> => {
      const totp_identifier = newAddress();
      const { status } = await push({ totp_identifier, content: "Your code is 482913", expired_at });
      expect(status).toBe(200);
      clock.advance(seconds);
      return codesOf(await list(`?totp_identifier=${totp_identifier}`));
    };
    const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString();
    expect(await listedAfter(undefined, 599)).toEqual(["482913"]);
    expect(await listedAfter(undefined, 600)).toEqual([""]);
    expect(await listedAfter(inSeconds(60), 59)).toEqual(["482913"]);
    expect(await listedAfter(inSeconds(60), 60)).toEqual([""]);
    expect(await listedAfter(inSeconds(3600), 600)).toEqual([""]);
    expect(await listedAfter(inSeconds(-1), 0)).toEqual([""]);
    // Without a zone it is UTC, as the clients of Python send it.
    expect(await listedAfter(inSeconds(60).replace("Z", ""), 59)).toEqual(["482913"]);
    expect(await listedAfter(inSeconds(60).replace("Z", ""), 60)).toEqual([""]);
    expect(await listedAfter("2020-01-01T00:00:00+02:00", 0)).toEqual([""]);
  });
});

describe("GET /v1/credentials/totp", () => {
  it("is a bare list, newest first, of one address or of all", async () => {
    const [one, two] = [newAddress(), newAddress()];
    for (const [totp_identifier, content] of [
      [one, "111111"],
      [two, "222222"],
      [one, "https://example.com/login"],
      [one, "Nothing to see here, only words."],
    ]) {
      clock.advance(1);
      await push({ totp_identifier, content });
    }
    const { status, body } = await list(`?totp_identifier=%20${one.toUpperCase()}`);
    expect([status, body.length]).toEqual([200, 3]);
    for (const message of body) expect(deliveredCode.safeParse(message).error).toBeUndefined();
    expect(body.map((message: { otp_type: string }) => message.otp_type)).toEqual([
      null,
      "magic_link",
      "totp",
    ]);
    expect(body.map(({ code }: { code: string }) => code)).toEqual([
      "",
      "https://example.com/login",
      "111111",
    ]);
    expect(JSON.stringify(body)).not.toContain("only words");
    expect(
      (await list("?limit=3")).body.map((each: { totp_identifier: string }) => each.totp_identifier),
    ).toEqual([one, one, two]);
    expect((await list(`?totp_identifier=${one}&otp_type=totp`)).body).toHaveLength(1);
    expect((await list(`?totp_identifier=${one}&otp_type=magic_link`)).body).toHaveLength(1);
    expect((await list(`?workflow_run_id=${random.uuid()}`)).body).toEqual([]);
    expect((await server.send("GET", `${path}/?limit=1`, undefined, { "x-api-key": key })).body).toHaveLength(
      1,
    );
  });

  it("has 50 unless it is asked for up to 200, and refuses the rest in its shape", async () => {
    const totp_identifier = newAddress();
    for (let sent = 0; sent < 55; sent++) await push({ totp_identifier, content: `code ${sent}` });
    expect((await list(`?totp_identifier=${totp_identifier}`)).body).toHaveLength(50);
    expect((await list(`?totp_identifier=${totp_identifier}&limit=200`)).body).toHaveLength(55);
    for (const [query, field] of [
      ["limit=0", "limit"],
      ["limit=201", "limit"],
      ["limit=CANARY", "limit"],
      ["otp_type=CANARY", "otp_type"],
      ["totp_identifier=%00CANARY", "totp_identifier"],
    ]) {
      const { status, body, text } = await list(`?${query}`);
      expect({ query, status }).toEqual({ query, status: 422 });
      expect(refusedBody.parse(body).detail[0]?.loc).toEqual(["query", field]);
      expect(text).not.toContain("CANARY");
    }
  });

  it("F4: hands each code to one caller once, however many ask at once", async () => {
    const totp_identifier = newAddress();
    await push({ totp_identifier, content: "Your code is 482913" });
    const query = `?totp_identifier=${totp_identifier}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_none, index) => list(query, index % 2 ? key : other)),
    );
    expect(answers.flatMap(codesOf).filter((code) => code !== "")).toEqual(["482913"]);
    for (const as of [key, other]) expect(codesOf(await list(query, as))).toEqual([""]);
    const { audit_events } = (await server.api("GET", "/audit-events?action=inbox.code_handed_out&limit=1"))
      .body;
    expect(audit_events[0]).toMatchObject({ action: "inbox.code_handed_out" });
  });

  it("D1: gives an agent's key what is its own, and pushes of that key to its own mailbox", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Own mail");
    const agent = (await server.call(slug, "create")).body;
    const totp_identifier = newAddress();
    await push({ totp_identifier, content: "111111" });
    expect((await list("", agent.api_key)).body).toEqual([]);
    await push({ totp_identifier: agent.username, content: "222222" });
    expect((await list(`?totp_identifier=${agent.username}`)).body).toEqual([]);
    expect(codesOf(await list("", agent.api_key))).toEqual(["222222"]);
  });

  it("takes no push at an address that takes mail of listed senders alone, and says so", async () => {
    const totp_identifier = newAddress();
    const admin = await server.api("POST", "/inbox/mailboxes", { address: totp_identifier });
    const id =
      admin.body.id ??
      (await server.api("GET", "/inbox/mailboxes")).body.mailboxes.find(
        ({ address }: { address: string }) => address === totp_identifier,
      ).id;
    await server.api("PATCH", `/inbox/mailboxes/${id}`, { allow: ["example.com"] });
    const { status, body } = await push({ totp_identifier, content: "482913" });
    expect([status, refusedBody.parse(body).detail[0]?.loc]).toEqual([422, ["body", "totp_identifier"]]);
  });
});

it("F4: a request for only the head of the list uses up no code", async () => {
  for (const to of [path, `${path}/`]) {
    const totp_identifier = newAddress();
    await push({ totp_identifier, content: "Your verification code is 604817" });
    const head = await server.send("HEAD", `${to}?totp_identifier=${totp_identifier}`, undefined, {
      "x-api-key": key,
    });
    expect([404, 405]).toContain(head.status);
    expect(codesOf(await list(`?totp_identifier=${totp_identifier}`))).toEqual(["604817"]);
  }
});
