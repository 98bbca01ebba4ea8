import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deliver, startWaiting, waitingWorkflow } from "../../support/deliver.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const until = (check: () => Promise<void>) => expect.poll(check, { timeout: 10_000 }).toBeUndefined();
const start = (slug: string) => startWaiting(server, slug, until);
const runOf = async (id: string) => (await server.api("GET", `/runs/${id}`)).body;
const ended = async (id: string) => {
  await expect
    .poll(async () => (await runOf(id)).status, { timeout: 10_000 })
    .not.toMatch(/queued|running|waiting/);
  return runOf(id);
};
interface Event {
  readonly type: string;
  readonly node_id: string | null;
  readonly data: Record<string, unknown>;
}
const eventsOf = (run: { events: Event[] }, type: string) =>
  run.events.filter((event) => event.type === type);
const resultOf = (run: { events: Event[] }) =>
  eventsOf(run, "tool.finished").find(({ node_id }) => node_id === "wait")?.data;
const waitsOf = async (run: string) => (await server.api("GET", `/inbox/waits?run_id=${run}`)).body.waits;
const jobs = async () =>
  (await server.database.kysely
    .selectFrom("pgboss.job" as never)
    .selectAll()
    .execute()) as { id: string }[];

describe("a run that waits for a code", () => {
  it("is suspended, is in no queue, and goes on with its code", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Suspended");
    const id = await start(slug);
    expect((await jobs()).map((job) => job.id)).not.toContain(id);
    expect(await waitsOf(id)).toMatchObject([
      { state: "waiting", agent: "agent_suspended_agent", node_id: "wait" },
    ]);
    const pushed = await deliver(server, "agent_suspended_agent", "Your sign-in code is 551210");
    expect(pushed.body.code).toBe("551210");
    const run = await ended(id);
    expect([run.status, run.output]).toEqual(["succeeded", "I have it."]);
    expect(eventsOf(run, "tool.waiting")).toMatchObject([{ data: { reason: "delivered_code" } }]);
    expect(eventsOf(run, "tool.message_arrived")).toMatchObject([
      { node_id: "wait", data: { kind: "code" } },
    ]);
    // Nobody took it over: it went on by itself.
    expect(eventsOf(run, "run.resumed")).toEqual([]);
    expect(resultOf(run)).toMatchObject({ ok: true, result: { kind: "code", verification_code: "••••••" } });
    expect(withoutRandom(JSON.stringify(run))).not.toContain("551210");
  });

  it("takes what came a moment before it began to wait, without being suspended", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Early");
    await server.call(slug, "create");
    await deliver(server, "agent_early_agent", "Your sign-in code is 551211");
    const { id } = (await server.api("POST", `/workflows/${slug}/runs`, {})).body;
    const run = await ended(id);
    expect(run.status).toBe("succeeded");
    expect(eventsOf(run, "tool.waiting")).toEqual([]);
  });

  it("says plainly that none came in time, and the model may go on", async () => {
    const slug = await server.addWorkflow(waitingWorkflow({ timeout_seconds: 1 }), "Late");
    const run = await ended(await start(slug));
    expect(resultOf(run)).toMatchObject({ ok: false, result: { code: "CODE_NOT_RECEIVED" } });
    expect(run.status).toBe("succeeded");
  });

  it("waits no more once it is cancelled, and takes no code", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Cancelled");
    const id = await start(slug);
    await server.api("POST", `/runs/${id}/cancel`, {});
    expect(await waitsOf(id)).toMatchObject([{ state: "cancelled" }]);
    await deliver(server, "agent_cancelled_agent", "Your sign-in code is 551212");
    const { messages } = (await server.api("GET", "/inbox/messages?agent=agent_cancelled_agent")).body;
    expect(messages).toMatchObject([{ kind: "code", taken: null }]);
    expect((await runOf(id)).status).toBe("cancelled");
  });

  it("is given a code by hand at any time, and is told when somebody ends its wait", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "By hand");
    const first = await start(slug);
    const [wait] = await waitsOf(first);
    expect((await server.api("POST", `/inbox/waits/${wait.id}/answer`, { code: "778899" })).status).toBe(204);
    expect(resultOf(await ended(first))).toMatchObject({ ok: true, result: { sender_host: "" } });
    const again = await server.api("POST", `/inbox/waits/${wait.id}/answer`, { code: "778899" });
    expect(again.body.code).toBe("INBOX_WAIT_OVER");
    const second = await start(slug);
    const [other] = await waitsOf(second);
    expect((await server.api("DELETE", `/inbox/waits/${other.id}`)).status).toBe(204);
    expect(resultOf(await ended(second))).toMatchObject({
      ok: false,
      result: { code: "INBOX_WAIT_CANCELLED" },
    });
  });

  it("asks a person where two codes are plausible, and goes on with the one they pick", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Unsure");
    const id = await start(slug);
    await deliver(
      server,
      "agent_unsure_agent",
      "Your verification code is 111222. Your verification code is 333444.",
    );
    await expect.poll(async () => (await waitsOf(id))[0]?.ambiguous).toBe(true);
    const run = await runOf(id);
    expect(run.status).toBe("waiting");
    expect(eventsOf(run, "tool.message_arrived")).toMatchObject([{ data: { kind: "ambiguous" } }]);
    const [wait] = await waitsOf(id);
    const opened = (await server.api("GET", `/inbox/waits/${wait.id}`)).body;
    expect(opened.candidates.map(({ value }: { value: string }) => value).toSorted()).toEqual([
      "111222",
      "333444",
    ]);
    const { message_id } = opened.candidates[0];
    const wrong = await server.api("POST", `/inbox/waits/${wait.id}/answer`, { message_id, value: "999999" });
    expect(wrong.body.code).toBe("INBOX_MESSAGE_NOT_FOUND");
    const right = await server.api("POST", `/inbox/waits/${wait.id}/answer`, { message_id, value: "333444" });
    expect(right.status).toBe(204);
    expect((await ended(id)).status).toBe("succeeded");
  });

  it("is given the newer, clear message where an older one was not", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Clearer");
    const id = await start(slug);
    await deliver(server, "agent_clearer_agent", "Your code is 111222. Your code is 333444.");
    await deliver(server, "agent_clearer_agent", "Your sign-in code is 551213");
    expect(resultOf(await ended(id))).toMatchObject({ ok: true });
  });

  it("shows the message to the model only by a switch, and only to an agent that may read mail", async () => {
    const slug = await server.addWorkflow(waitingWorkflow({ include_body: true }), "Reads");
    await server.call(slug, "create");
    const { id } = (await server.api("POST", `/workflows/${slug}/runs`, {})).body;
    expect(resultOf(await ended(id))).toMatchObject({ ok: false, result: { code: "FORBIDDEN" } });
  });
});

describe("F4: two runs at one mailbox", () => {
  it("are given nothing without a person where a message could be either's, and each what is picked for it", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Shared");
    const runs = [await start(slug), await start(slug)];
    await deliver(server, "agent_shared_agent", "Your sign-in code is 551220");
    await deliver(server, "agent_shared_agent", "Your sign-in code is 551221");
    for (const id of runs) await expect.poll(async () => (await waitsOf(id))[0]?.ambiguous).toBe(true);
    const [[first]] = await Promise.all(runs.map(waitsOf));
    const shown = (await server.api("GET", `/inbox/waits/${first.id}`)).body.candidates;
    expect(shown[0].context).toContain("sign-in code is 55122");
    for (const [index, id] of runs.entries()) {
      const [wait] = await waitsOf(id);
      const { candidates } = (await server.api("GET", `/inbox/waits/${wait.id}`)).body;
      const mine = candidates.find(({ value }: { value: string }) => value === `55122${index}`);
      const answer = { message_id: mine.message_id, value: mine.value };
      expect((await server.api("POST", `/inbox/waits/${wait.id}/answer`, answer)).status).toBe(204);
      expect((await ended(id)).status).toBe("succeeded");
    }
  });

  it("are each given the message that was delivered for them", async () => {
    const slug = await server.addWorkflow(waitingWorkflow(), "Named");
    const runs = [await start(slug), await start(slug)];
    for (const [index, id] of runs.toReversed().entries())
      await deliver(server, "agent_named_agent", `Your sign-in code is 55123${index}`, {
        workflow_run_id: id,
      });
    for (const id of runs) {
      expect((await ended(id)).status).toBe("succeeded");
      const { messages } = (await server.api("GET", "/inbox/messages?agent=agent_named_agent")).body;
      const taken = messages.filter(
        (each: { taken: { run_id: string } | null }) => each.taken?.run_id === id,
      );
      expect(taken).toHaveLength(1);
    }
  });
});
