import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isIP } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ResolveName } from "../../../server/egress/checked-lookup.ts";
import { watchConnections } from "../../support/connection-attempts.ts";
import { type OutboundCaller, openCallers, outboundCallers } from "../../support/outbound-callers.ts";
import { listedUrls, publicAddress, refusedAnswers, refusedUrls } from "../../support/outbound-table.ts";

/** A server of this machine that is on no list, and whatever reaches it. */
const reached: string[] = [];
const inside = createServer((request, response) => {
  reached.push(`${request.method} ${request.url}`);
  response.end("{}");
});
inside.on("connection", () => reached.push("a connection"));
await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
const { port } = inside.address() as AddressInfo;
const urls = refusedUrls(port);

/** What the resolver says next of the listed name. It is asked for other names too. */
let answers: readonly (readonly string[])[] = [];
let asked = 0;
const hosts: Readonly<Record<string, string>> = {
  localhost: "127.0.0.1",
  "localhost.": "127.0.0.1",
  "any.localhost": "127.0.0.1",
  "inside.example": "127.0.0.1",
  "metadata.example": "169.254.169.254",
};
const resolve: ResolveName = async (name) => {
  const scripted = name === "api.example.com" ? answers[Math.min(asked, answers.length - 1)] : undefined;
  asked += 1;
  return (scripted ?? [hosts[name] ?? publicAddress]).map((address) => ({
    address,
    family: isIP(address.replace(/%.*$/, "")) || 4,
  }));
};

const { attempts, stop } = watchConnections();
let callers: Awaited<ReturnType<typeof openCallers>>;
beforeAll(async () => {
  callers = await openCallers({
    settings: { TOTEM_ALLOWED_URLS: listedUrls.join(", "), TOTEM_MODEL_URLS: listedUrls.join(", ") },
    resolve,
    urls: [...urls, "https://api.example.com/v1"],
  });
});
afterAll(async () => {
  stop();
  inside.closeAllConnections();
  inside.close();
  await callers.stop();
});
beforeEach(() => {
  answers = [];
  asked = 0;
  attempts.length = 0;
  reached.length = 0;
});

/** Connections to anything but the server under test. */
const left = () => attempts.filter((attempt) => attempt.port !== callers.ownPort);

/** Mailboxes and providers are addresses of the operator and of administrators: any public host may be one. */
const anyPublicHost: readonly OutboundCaller[] = ["mailbox", "sign-in"];

it("H12: writes down where everything was to go and how it ended, and nothing of a path, a query or a user", async () => {
  const before = callers.noted().length;
  for (const who of outboundCallers) await callers.ask(who, "https://api.example.com/v1/%2e%2e/secret-1");
  await callers.ask("webhook", "https://secret-3:secret-4@api.example.com/v1/secret-5");
  await callers.ask("webhook", "https://api.example.com/v1/secret-6?secret-7");
  const lines = callers.noted().slice(before);
  expect(JSON.stringify(lines)).not.toContain("secret");
  expect(lines).toContainEqual({
    purpose: "webhook",
    method: "POST",
    origin: "https://api.example.com",
    outcome: "failed",
    code: "UPSTREAM_FAILED",
  });
  expect(lines).toContainEqual({
    purpose: "tool",
    method: "GET",
    outcome: "refused",
    code: "ADDRESS_REFUSED",
    reason: "path",
  });
  expect(new Set(lines.map(({ purpose }) => purpose))).toEqual(
    new Set(["model", "tool", "source", "webhook", "mail", "sign-in"]),
  );
});

describe.each(outboundCallers)("%s", (who) => {
  it(`H12: leaves the list for none of ${urls.length} addresses`, async () => {
    expect(urls.length).toBeGreaterThanOrEqual(80);
    for (const url of urls) {
      attempts.length = 0;
      const problem = await callers.ask(who, url);
      const wrong = left().filter(
        ({ address }) => !(anyPublicHost.includes(who) && address === publicAddress),
      );
      expect(wrong, url).toEqual([]);
      expect(problem, url).toBeDefined();
    }
    expect(reached).toEqual([]);
  });

  it(`H12: reaches none of ${refusedAnswers.length} answers of a resolver for a name that is listed`, async () => {
    expect(refusedAnswers.length).toBeGreaterThanOrEqual(20);
    for (const answer of refusedAnswers) {
      answers = [answer];
      expect(await callers.ask(who, "https://api.example.com/v1"), answer.join()).toBeDefined();
      expect(left(), answer.join()).toEqual([]);
    }
  });

  it("H12: connects to the very address that was judged, whatever the resolver says the next time", async () => {
    for (const then of ["127.0.0.1"]) {
      asked = 0;
      attempts.length = 0;
      answers = [[publicAddress], [then]];
      await callers.ask(who, "https://api.example.com/v1");
      expect(
        left().every(({ address }) => address === publicAddress),
        then,
      ).toBe(true);
      expect(left().length, then).toBeGreaterThan(0);
    }
  });
});
