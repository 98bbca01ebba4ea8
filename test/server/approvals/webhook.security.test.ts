import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson, signInAgain } from "../../support/add-person.ts";
import { addAskingAgent, endOf, startAsking } from "../../support/asking-run.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let outside: Server;
let hook: string;
let status = 200;
const received: {
  text: string;
  blocks: { text?: { type: string; text: string }; elements?: { url: string }[] }[];
}[] = [];
let ada: AddedPerson;
let ben: AddedPerson;

beforeAll(async () => {
  outside = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(JSON.parse(body));
      response.statusCode = status;
      response.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => outside.once("listening", resolve));
  hook = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  server = await startTestServer({ clock, settings: { TOTEM_ALLOWED_URLS: `${hook}/services` } });
  ada = await addPerson(server, { roles: ["administrator"], name: "Ada" });
  ben = await addPerson(server, { roles: ["operator"], name: "Ben" });
});
beforeEach(() => {
  received.length = 0;
  status = 200;
  // The newest question is the one of this test.
  clock.advance(1);
});
afterAll(async () => {
  outside.close();
  await server.stop();
});

const settings = "/settings/approval-webhook";
const secret = "T0/B0/hidden-token-of-the-channel";
const set = (path = `/services/${secret}`) => server.api("PUT", settings, { url: hook + path });
const ask = { roles: ["operator" as const], open_minutes: 60 };
const messageOf = async (id: string) => (await ben.send("GET", `/approvals/${id}`)).body.message;
const linkIn = (message: (typeof received)[number] | undefined) =>
  message?.blocks.flatMap(({ elements }) => elements ?? [])[0]?.url ?? "";
const tokenIn = (link: string) => link.split("#approval=")[1] ?? "";
const open = (person: Pick<AddedPerson, "send">, token: string) =>
  person.send("POST", "/approvals/link", { token });

describe("the webhook of questions", () => {
  it("is set with a fresh proof, tested, and its address is shown to no one", async () => {
    expect((await server.api("POST", `${settings}/test`)).body.code).toBe("NOT_FOUND");
    await ada.forgetProof();
    const stale = await ada.send("PUT", settings, { url: hook });
    expect(stale.body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await ben.send("PUT", settings, { url: hook })).body.code).toBe("FORBIDDEN");
    const answers = [await set(), await server.api("GET", settings)];
    expect(answers[0]?.body).toMatchObject({ host: new URL(hook).host, last_problem: null });
    expect((await server.api("POST", `${settings}/test`)).status).toBe(204);
    expect(received).toMatchObject([{ text: expect.stringContaining("Totem can reach this channel") }]);
    const { text } = await server.api("GET", "/audit-events?limit=50");
    for (const said of [...answers.map((answer) => answer.text), text, ...server.log])
      expect(said).not.toContain("hidden-token");
    const row = await server.database.kysely.selectFrom("approval_webhook").selectAll().executeTakeFirst();
    expect(JSON.stringify(row)).not.toContain("hidden-token");
  });

  it("gets no message at an address that the operator has not listed", async () => {
    await set("/elsewhere");
    expect((await server.api("POST", `${settings}/test`)).body.code).toBe("ADDRESS_REFUSED");
    for (const url of ["ftp://example.com", "javascript:alert(1)", "no address"])
      expect((await server.api("PUT", settings, { url })).body.code).toBe("INPUT_INVALID");
    await set();
    status = 500;
    expect((await server.api("POST", `${settings}/test`)).body).toMatchObject({
      code: "UPSTREAM_FAILED",
      title: expect.stringContaining("500"),
    });
  });

  it("gets each question once, as data: the model's words mention no one and link nowhere", async () => {
    await set();
    const reason = "<!channel> *approve* <https://evil.example|here> now";
    const steps = [{ tool: "vault_totp", arguments: { name: "service", reason } }, { say: "Done." }];
    const { slug, username } = await addAskingAgent(server, "Told <!here>", { ask, steps });
    const { runId, question } = await startAsking(server, ada, slug);
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => messageOf(question.id)).toMatchObject({ state: "sent", attempts: 1 });
    const [message] = received;
    expect(message?.text).not.toContain("evil");
    expect(message?.text.match(/<[^>]*>/g)).toEqual([
      expect.stringMatching(/^<http.*#approval=.*\|Open this question>$/),
    ]);
    const shown = message?.blocks[0]?.text;
    expect(shown?.type).toBe("plain_text");
    expect(shown?.text.split("\n")).toEqual([
      `${username} asks for a code of Service.`,
      "Workflow: Told <!here>",
      "Waits for an operator.",
      `The model says, and Totem did not check it: “${reason}”`,
    ]);
    await server.api("POST", `/runs/${runId}/cancel`, {});
  });

  it("that fails holds no run: attempts are few, and what went wrong is shown", async () => {
    await set();
    status = 503;
    const { slug } = await addAskingAgent(server, "Not told", { ask });
    const { runId, question } = await startAsking(server, ada, slug);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await expect.poll(() => received.length, { timeout: 10_000 }).toBe(attempt);
      await expect
        .poll(() => messageOf(question.id))
        .toEqual({
          state: attempt < 5 ? "waiting" : "failed",
          attempts: attempt,
          problem: "The webhook answered with status 503.",
        });
      clock.advance(600);
    }
    expect((await server.api("GET", settings)).body.last_problem).toContain("503");
    await ben.send(
      "POST",
      `/approvals/${question.id}`,
      { decision: "approve" },
      { "x-totem-code": ben.code() },
    );
    expect((await endOf(server, runId)).results).toMatchObject([{ ok: true }]);
    expect(received).toHaveLength(5);
  });
});

describe("the link in a message", () => {
  it("opens that one question, gives no right, and is worth nothing when it is forged, moved or too old", async () => {
    await set();
    const [one, two] = [
      await addAskingAgent(server, "Link one", { ask }),
      await addAskingAgent(server, "Link two", { ask }),
    ];
    const first = await startAsking(server, ada, one.slug);
    const second = await startAsking(server, ada, two.slug);
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2);
    const links = received.map(linkIn);
    const link = links.find((each) => each.includes(first.question.id)) ?? "";
    expect(link.startsWith(`${server.studioUrl}/#approval=`)).toBe(true);
    const token = tokenIn(link);
    expect((await open(ben, token)).body).toMatchObject({ id: first.question.id, may_answer: true });
    // Ada caused it: the link shows her the question, and her answer counts no more than without it.
    expect((await open(ada, token)).body).toMatchObject({ id: first.question.id, may_answer: false });
    // It signs no one in, and a person without a part in it sees nothing.
    expect((await server.send("POST", "/api/v1/approvals/link", { token })).body.code).toBe(
      "UNAUTHENTICATED",
    );
    const builder = await addPerson(server, { roles: ["builder"] });
    expect((await open(builder, token)).body.code).toBe("APPROVAL_NOT_FOUND");

    const seal = token.slice(token.indexOf(".") + 1);
    for (const forged of [
      `${second.question.id}.${seal}`,
      `${token.slice(0, -4)}AAAA`,
      first.question.id,
      `${first.question.id}.`,
      `${first.question.id}.v1.9.AAAA`,
      "x",
    ])
      expect([forged, (await open(ben, forged)).body.code]).toEqual([forged, "APPROVAL_LINK_REFUSED"]);
    clock.advance(24 * 3_600);
    // A session ends after a day without use; the person signs in again.
    const again = await signInAgain(server, ben);
    expect((await open(again, token)).body).toMatchObject({ id: first.question.id, state: "expired" });
    clock.advance(3_601);
    expect((await open(again, token)).body.code).toBe("APPROVAL_LINK_REFUSED");
    expect((await endOf(server, first.runId)).results).toMatchObject([{ ok: false }]);
  });
});
