import { afterAll, beforeEach, expect, it } from "vitest";
import { egressLists } from "../../../server/egress-lists.ts";
import { askModel } from "../../../server/model/ask-model.ts";
import { fetchModelBy, openLanguageModel } from "../../../server/model/language-model.ts";
import { readSettings } from "../../../server/settings.ts";
import { watchConnections } from "../../support/connection-attempts.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { testEgress } from "../../support/test-egress.ts";
import { chatAnswer, startModelServer } from "../model/model-stand-in.ts";

const ports: Record<number, number> = {};
const { attempts, stop } = watchConnections(ports);
afterAll(stop);
beforeEach(() => {
  attempts.length = 0;
});

/** A way out with what these settings list, and nothing else. */
const withSettings = (settings: Readonly<Record<string, string>> = {}) =>
  testEgress({
    ...egressLists(readSettings(settings)),
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  });

const ask = async (baseUrl: string, settings?: Readonly<Record<string, string>>) =>
  askModel({
    opened: await openLanguageModel(fetchModelBy(withSettings(settings)), {
      provider: "openai-compatible",
      model: "m",
      baseUrl,
    }),
    instructions: "",
    messages: [{ role: "user", content: "Hello?" }],
    tools: [],
    signal: AbortSignal.timeout(20_000),
  });

it.each([11434, 1234, 8000])(
  "H12: a model server of this machine at port %d works as it comes",
  async (port) => {
    const server = await startModelServer(() => chatAnswer({ text: "Hi." }));
    ports[port] = Number(new URL(server.url).port);
    for (const host of ["localhost", "127.0.0.1", "2130706433"])
      expect((await ask(`http://${host}:${port}/v1`)).text, host).toBe("Hi.");
    expect(server.seen).toHaveLength(3);
  },
);

it("H12: nothing else of this machine is called as a model, and no other path of such a server", async () => {
  for (const url of [
    "http://127.0.0.1:11435/v1",
    "http://127.0.0.2:11434/v1",
    "http://localhost.:11434/v1",
    "http://any.localhost:11434/v1",
    "https://127.0.0.1:11434/v1",
    "http://127.0.0.1:11434/api",
    "http://127.0.0.1:11434/v1/%2e%2e/api/pull",
    "http://127.0.0.1:11434/api/pull?",
    "http://127.0.0.1:11434/api/pull#",
    "http://127.0.0.1:11434/v1?",
  ])
    expect(await refusalOf(ask(url)), url).toBe("ADDRESS_REFUSED");
  expect(attempts).toEqual([]);
});

it("H12: only models call it: a tool, a webhook and a provider do not", async () => {
  const egress = withSettings({ TOTEM_ALLOWED_URLS: "https://api.example.com" });
  const signal = new AbortController().signal;
  const content = async () => ({ body: {} });
  for (const purpose of ["tool", "source", "webhook"] as const) {
    const sent = egress.sendFor(purpose)({
      method: "POST",
      url: "http://127.0.0.1:11434/v1",
      content,
      signal,
    });
    expect(await refusalOf(sent), purpose).toBe("ADDRESS_REFUSED");
  }
  for (const purpose of ["sign-in", "issuer", "log", "proxy"] as const)
    expect(await refusalOf(egress.fetchFor(purpose)("http://127.0.0.1:11434/v1")), purpose).toBe(
      "ADDRESS_REFUSED",
    );
  expect(attempts).toEqual([]);
});

it.each<[string, Record<string, string>]>([
  ["with PostgreSQL", { DATABASE_URL: "postgres://db.example/totem" }],
  ["with a list of models", { TOTEM_MODEL_URLS: "https://models.example" }],
  ["with a list of one's own", { TOTEM_PRIVATE_URLS: "model http://10.0.0.5:8000" }],
  ["with no list on purpose", { TOTEM_PRIVATE_URLS: "none" }],
])("H12: %s, no model server of this machine is listed", async (_when, settings) => {
  const failure = ask("http://127.0.0.1:11434/v1", settings);
  await expect(failure).rejects.toMatchObject({
    code: "ADDRESS_REFUSED",
    message: expect.stringMatching(/TOTEM_(PRIVATE|MODEL)_URLS/),
  });
  expect(attempts).toEqual([]);
});
