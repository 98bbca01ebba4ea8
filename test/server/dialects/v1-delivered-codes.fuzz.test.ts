import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deliveredCode, refusal, refusedBody } from "../../support/delivered-code-schemas.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const requests = 2_000;
const seed = 20_260_401;
const path = "/v1/credentials/totp";
/** In every content, and so in no answer that refuses one. */
const canary = "kanarienvogel";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_RATE_LIMIT: "1000000" } });
});
afterAll(() => server.stop());

const anyText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "\ud800",
    "٤٨٢٩١٣",
    "４８２９１３",
    "\u202e482913\u202c",
    "null",
    "[]",
    "{}",
  ),
);
const content = fc.oneof(
  anyText.map((text) => `Your code is 482913. ${canary} ${text}`),
  anyText.map((text) => `${text}${canary}`),
  fc.nat({ max: 999_999 }).map((code) => `<p>${canary}: <b>${code}</b></p>`),
  fc.constantFrom(`https://example.com/${canary}`, `${canary} https://example.com/login?token=abcdef`),
  fc.constantFrom(4_000, 100_000, 1_100_000).map((length) => canary.padEnd(length, "9 ")),
);
const identifier = fc.oneof(
  fc.constantFrom("one@example.com", "+41555555555", "user_123", " Two@Example.com "),
  anyText,
  fc.string({ minLength: 300, maxLength: 400 }),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    "2025-01-01T00:00:00Z",
    "2999-12-31T23:59:59",
    "0001-01-01T00:00:00Z",
    "2025-01-01",
    "soon",
  ),
  fc.constantFrom("2026-02-30T00:00:00Z", "2025-01-01T00:00:00+99:00", "9999-12-31T23:59:59.999999999Z"),
);
const valid = fc.record(
  {
    totp_identifier: identifier,
    content,
    task_id: fc.option(anyText),
    workflow_id: fc.option(anyText),
    workflow_run_id: fc.option(anyText),
    source: fc.option(anyText),
    expired_at: fc.option(time),
    type: fc.option(fc.constantFrom("totp", "magic_link")),
  },
  { requiredKeys: ["totp_identifier", "content"] },
);
const simple = fc.record({
  totp_identifier: fc.constantFrom("one@example.com", "user_123"),
  content,
  type: fc.option(fc.constantFrom("totp", "magic_link"), { nil: undefined }),
  expired_at: fc.option(time, { nil: undefined }),
});
const fields = [
  "totp_identifier",
  "content",
  "task_id",
  "workflow_id",
  "source",
  "expired_at",
  "type",
  "extra",
];
/** One field or two of another type, or fields that nobody knows. */
const mutated = fc
  .tuple(
    valid,
    fc.array(fc.tuple(fc.constantFrom(...fields), fc.jsonValue()), { minLength: 1, maxLength: 2 }),
  )
  .map(([body, changes]) => ({ ...body, ...Object.fromEntries(changes) }));
const asJson = (body: unknown): string => JSON.stringify(body) ?? "";
const sent = fc.oneof(
  { weight: 3, arbitrary: simple.map(asJson) },
  { weight: 3, arbitrary: valid.map(asJson) },
  { weight: 4, arbitrary: mutated.map(asJson) },
  { weight: 1, arbitrary: fc.dictionary(anyText, fc.jsonValue()).map(asJson) },
  { weight: 1, arbitrary: fc.jsonValue().map(asJson) },
  { weight: 1, arbitrary: fc.tuple(valid, fc.nat()).map(([body, cut]) => asJson(body).slice(0, cut % 200)) },
);

it("F1, F2: 2,000 requests of any kind are answered as the document says, and a refused one is not repeated", async () => {
  const bodies = fc.sample(sent, { numRuns: requests, seed });
  const statuses = new Map<number, number>();
  const ask = async (body: string): Promise<void> => {
    const answer = await server.send("POST", path, body, { "x-api-key": server.adminKey });
    const about = `${answer.status} ${answer.text.slice(0, 300)} for ${body.slice(0, 300)}`;
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const schema = { 200: deliveredCode, 400: refusal, 422: refusedBody }[answer.status];
    expect(schema, about).toBeDefined();
    expect(schema?.safeParse(answer.body).error, about).toBeUndefined();
    if (answer.status === 200) expect(answer.body.content, about).toBe(JSON.parse(body).content);
    else expect(answer.text, about).not.toContain(canary);
  };
  const queue = bodies.values();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const body of queue) await ask(body);
    }),
  );
  expect([...statuses.values()].reduce((all, count) => all + count)).toBe(requests);
  for (const status of [200, 400, 422]) expect(statuses.get(status), `${status}`).toBeGreaterThan(100);
  expect(server.log.join("")).not.toContain(canary);
}, 180_000);

it("F2: answers a body that is too large as any other that cannot be taken", async () => {
  const body = { totp_identifier: "one@example.com", content: canary.repeat(400_000) };
  const answer = await server.send("POST", path, body, { "x-api-key": server.adminKey });
  expect(answer.status).toBe(422);
  expect(refusedBody.safeParse(answer.body).error).toBeUndefined();
  expect(answer.text).not.toContain(canary);
});
