import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { opinionOf } from "../../../server/inbox/second-opinion.ts";
import { deliver } from "../../support/deliver.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

describe("what a model says of a message", () => {
  const none = { kind: "none" as const, text: "Ref 4711\n\nHere you go: K7P-2QX. Ticket 99001234." };

  it("counts where the very characters stand in it by themselves", () => {
    expect(opinionOf(" K7P-2QX \n", none)).toBe("K7P2QX");
    expect(opinionOf('"K7P-2QX"', none)).toBe("K7P2QX");
    expect(opinionOf("99001234", none)).toBe("99001234");
  });

  it.each(["000000", "K7P2QX", "9900123", "The code is K7P-2QX", "NONE", "", "Here", "you"])(
    "is nothing otherwise: %s",
    (said) => {
      expect(opinionOf(said, none)).toBeUndefined();
    },
  );

  it("chooses among what was plausible, and adds nothing to it", () => {
    const choice = (value: string) => ({ kind: "code" as const, value, confidence: 0.5, start: 0, end: 0 });
    const two = {
      kind: "ambiguous" as const,
      text: "Codes: 111222 or 333444. Order 555666.",
      candidates: [choice("111222"), choice("333444")],
    };
    expect(opinionOf("333444", two)).toBe("333444");
    expect(opinionOf("555666", two)).toBeUndefined();
  });
});

describe("a second opinion", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const unclear = "Your verification code is 111222. Your verification code is 333444.";
  const says = (say: string) =>
    server.api("PUT", "/inbox/second-opinion", { model: { provider: "scripted", steps: [{ say }] } });
  const newest = async (address: string) =>
    (await server.api("GET", `/inbox/messages?address=${address}`)).body.messages[0];

  it("is asked of nobody until an administrator chooses a model", async () => {
    expect((await server.api("GET", "/inbox/second-opinion")).body).toEqual({ model: null });
    await deliver(server, "off@example.com", unclear);
    expect(await newest("off@example.com")).toMatchObject({ kind: "ambiguous" });
  });

  it("decides what was not clear, says so, and hands the code out", async () => {
    await says("333444");
    await deliver(server, "on@example.com", unclear);
    await expect.poll(() => newest("on@example.com")).toMatchObject({ kind: "code" });
    const message = await newest("on@example.com");
    expect(message.because.at(-1)).toMatchObject({ rule: "second-opinion" });
    const given = await server.api("POST", "/inbox/wait", {
      address: "on@example.com",
      look_back_seconds: 60,
      timeout_seconds: 0,
    });
    expect(given.body).toMatchObject({ code: "333444" });
  });

  it("changes nothing where it does not stand in the message, and says that it was asked", async () => {
    await says("000000");
    await deliver(server, "made-up@example.com", unclear);
    await expect
      .poll(async () => (await newest("made-up@example.com")).because.at(-1)?.rule)
      .toBe("second-opinion");
    expect(await newest("made-up@example.com")).toMatchObject({ kind: "ambiguous" });
  });

  it("is switched off again", async () => {
    expect((await server.api("PUT", "/inbox/second-opinion", { model: null })).body).toEqual({ model: null });
    expect((await server.api("PUT", "/inbox/second-opinion", { model: { provider: "other" } })).status).toBe(
      400,
    );
  });
});
