import { describe, expect, it } from "vitest";
import { askModel } from "../../../server/model/ask-model.ts";
import { type ModelSettings, openLanguageModel } from "../../../server/model/language-model.ts";
import { chatAnswer, fetchStandIns, startModelServer } from "./model-stand-in.ts";

const key = "sk-this-is-the-key";

const ask = async (settings: ModelSettings, signal = new AbortController().signal) =>
  askModel({
    opened: await openLanguageModel(fetchStandIns, settings),
    instructions: "Be brief.",
    messages: [{ role: "user", content: "Hello?" }],
    tools: [],
    signal,
  });

const compatible = (baseUrl: string): ModelSettings => ({
  provider: "openai-compatible",
  model: "stand-in",
  apiKey: key,
  baseUrl,
});

describe("each provider is asked in its own way, with the key and at the address of the key", () => {
  it.each([
    {
      provider: "openai" as const,
      path: "/v1/responses",
      header: "authorization",
      sent: `Bearer ${key}`,
      body: {
        id: "r",
        created_at: 0,
        model: "m",
        output: [
          {
            type: "message",
            role: "assistant",
            id: "o",
            content: [{ type: "output_text", text: "Hi.", annotations: [] }],
          },
        ],
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    {
      provider: "anthropic" as const,
      path: "/v1/messages",
      header: "x-api-key",
      sent: key,
      body: {
        type: "message",
        id: "a",
        model: "m",
        content: [{ type: "text", text: "Hi." }],
        stop_reason: "end_turn",
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    {
      provider: "google" as const,
      path: "/v1/models/stand-in:generateContent",
      header: "x-goog-api-key",
      sent: key,
      body: { candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] }, finishReason: "STOP" }] },
    },
    {
      provider: "openai-compatible" as const,
      path: "/v1/chat/completions",
      header: "authorization",
      sent: `Bearer ${key}`,
      body: chatAnswer({ text: "Hi." }).body,
    },
  ])("$provider", async ({ provider, path, header, sent, body }) => {
    const server = await startModelServer(() => ({ body }));
    const answer = await ask({ provider, model: "stand-in", apiKey: key, baseUrl: server.url });
    expect(answer).toMatchObject({ text: "Hi.", calls: [] });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.path).toBe(path);
    expect(server.seen[0]?.headers[header]).toBe(sent);
  });
});

it("works without a key where a server wants none", async () => {
  const server = await startModelServer(() => chatAnswer({ text: "Hi." }));
  await ask({ provider: "openai-compatible", model: "llama", baseUrl: server.url });
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
});

it.each(["openai", "anthropic", "google"] as const)(
  "never takes a key for %s from the environment",
  async (provider) => {
    await expect(openLanguageModel(fetchStandIns, { provider, model: "m" })).rejects.toMatchObject({
      code: "MODEL_KEY_NOT_FOUND",
    });
  },
);

describe("a provider that fails is a coded error with what to do", () => {
  it.each([
    [401, "check the key"],
    [404, "check the model's name"],
    [400, "check the model's name and settings"],
  ])("%d: %s", async (status, advice) => {
    const server = await startModelServer(() => ({ status, body: { error: { message: `bad key ${key}` } } }));
    const failure = ask(compatible(server.url));
    await expect(failure).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: expect.stringContaining(advice),
    });
    const error = (await failure.catch((reason: unknown) => reason)) as Error;
    expect(error.message).not.toContain("bad key");
    // What is logged has the provider's words, and neither the key nor what was asked.
    expect(String(error.cause)).toContain("bad key [secret]");
    expect(JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause))).not.toMatch(
      /Hello\?|sk-this/,
    );
  });

  it("says so when there is no server", async () => {
    const failure = ask(compatible("http://127.0.0.1:9/v1"));
    await expect(failure).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: "The model's server could not be reached. Check its address.",
    });
  });

  it("does not follow a redirect, which would take the key elsewhere", async () => {
    const other = await startModelServer(() => chatAnswer({ text: "Hi." }));
    const server = await startModelServer(() => ({
      status: 307,
      headers: { location: `${other.url}/chat/completions` },
    }));
    await expect(ask(compatible(server.url))).rejects.toMatchObject({ code: "MODEL_FAILED" });
    expect(other.seen).toEqual([]);
  });

  it.each([200, 400])("reads no more than 8 MB of an answer with status %d", async (status) => {
    const { body } = chatAnswer({ text: "x".repeat(8 * 1024 * 1024) });
    const server = await startModelServer(() => ({ status, body }));
    await expect(ask(compatible(server.url))).rejects.toMatchObject({
      code: "MODEL_FAILED",
      message: "The model's answer is too large.",
    });
    expect(server.seen).toHaveLength(1);
  });

  it("says so when the answer is not one", async () => {
    const server = await startModelServer(() => ({ body: { choices: "none" } }));
    await expect(ask(compatible(server.url))).rejects.toMatchObject({ code: "MODEL_FAILED" });
  });
});

it("breaks off at once when it is told to", async () => {
  const stop = new AbortController();
  const server = await startModelServer(() => {
    stop.abort(new Error("stopped"));
    return new Promise(() => {});
  });
  await expect(ask(compatible(server.url), stop.signal)).rejects.toThrow("stopped");
});
