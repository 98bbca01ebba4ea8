import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { addAskingAgent, endOf, runOf, startAsking } from "../../support/asking-run.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let ada: AddedPerson;
let ben: AddedPerson;
let cleo: AddedPerson;
beforeAll(async () => {
  server = await startTestServer();
  ada = await addPerson(server, { roles: ["administrator"], name: "Ada" });
  ben = await addPerson(server, { roles: ["operator"], name: "Ben" });
  cleo = await addPerson(server, { roles: ["operator"], name: "Cleo" });
});
afterAll(() => server.stop());

const operators = { roles: ["administrator", "operator"] as const };
const one = { roles: [...operators.roles] };
const answer = (person: AddedPerson, id: string, decision: "approve" | "deny") =>
  person.send("POST", `/approvals/${id}`, { decision });
const read = { tool: "vault_totp", arguments: { name: "service" } };

describe("H9: a run whose tool asks people", () => {
  it("H9: is suspended; the person who started it cannot approve, another can, and the run goes on", async () => {
    const { slug, entryId, username } = await addAskingAgent(server, "Four eyes", { ask: one });
    const { runId, question } = await startAsking(server, ada, slug);
    expect(question).toMatchObject({
      subject: { kind: "vault_entry", id: entryId, name: "service" },
      service: "Service",
      reader: username,
      workflow: { slug, name: "Four eyes" },
      run_id: runId,
      node_id: "totp",
      reason: "To sign in to the service.",
      waits_for: "Waits for one of two people",
    });
    expect((await runOf(server, runId)).waits).toMatchObject([
      { reason: "approval", approval_id: question.id, waits_for: "Waits for one of two people" },
    ]);
    expect((await ada.send("GET", `/approvals/${question.id}`)).body).toMatchObject({
      may_answer: false,
      why_not: expect.stringContaining("does not count"),
    });
    const own = await answer(ada, question.id, "approve");
    expect([own.status, own.body.code]).toEqual([403, "APPROVAL_NOT_YOURS"]);
    expect((await runOf(server, runId)).status).toBe("waiting");

    expect((await answer(ben, question.id, "approve")).body).toMatchObject({
      state: "approved",
      answers: [{ name: "Ben", decision: "approve" }],
    });
    const ended = await endOf(server, runId);
    expect(ended.status).toBe("succeeded");
    expect(ended.results).toMatchObject([{ ok: true, result: { name: "service", totp_code: "••••••" } }]);
    const { body } = await server.api("GET", `/audit-events?subject=${entryId}`);
    const facts = body.audit_events
      .filter(({ action }: { action: string }) => action.startsWith("approval."))
      .map(({ action, result, run_id }: { action: string; result: string; run_id: string }) => [
        action,
        result,
        run_id,
      ]);
    expect(facts.slice(0, 3)).toEqual([
      ["approval.approved", "ok", runId],
      ["approval.answered", "refused", runId],
      ["approval.asked", "ok", runId],
    ]);
    expect(JSON.stringify(body.audit_events)).toContain("Ben");
  });

  it("H9: a yes opens one read of that call, and no other call of the run or of another run", async () => {
    const steps = [read, read, { say: "Done." }];
    const { slug } = await addAskingAgent(server, "One read", { ask: one, steps });
    const first = await startAsking(server, ada, slug);
    const other = await startAsking(server, ada, slug);
    await answer(ben, first.question.id, "approve");
    // The same run waits again, for its second call, and the other run waits still.
    await expect.poll(async () => (await runOf(server, first.runId)).waits.length).toBe(2);
    await expect.poll(async () => (await runOf(server, first.runId)).status).toBe("waiting");
    expect((await runOf(server, first.runId)).results).toMatchObject([{ ok: true }]);
    expect((await runOf(server, other.runId)).results).toEqual([]);
    const second = (await ben.send("GET", `/approvals?run_id=${first.runId}`)).body.approvals;
    expect(second).toHaveLength(1);
    await answer(ben, second[0].id, "approve");
    expect((await endOf(server, first.runId)).results).toMatchObject([{ ok: true }, { ok: true }]);
    await answer(ben, other.question.id, "deny");
    await endOf(server, other.runId);
  });

  it("H9: a no ends the call with a plain error, and is final for the rest of the run", async () => {
    const steps = [read, read, { say: "Done." }];
    const { slug } = await addAskingAgent(server, "Denied", { ask: { ...one, needed: 2 }, steps });
    const { runId, question } = await startAsking(server, ada, slug);
    expect((await answer(ben, question.id, "deny")).body.state).toBe("denied");
    expect((await answer(cleo, question.id, "approve")).body.code).toBe("APPROVAL_DECIDED");
    const ended = await endOf(server, runId);
    expect(ended.results).toMatchObject([
      { ok: false, result: { code: "APPROVAL_DENIED", error: expect.stringContaining("said no") } },
      { ok: false, result: { code: "APPROVAL_DENIED" } },
    ]);
    expect(ended.waits).toHaveLength(1);
  });

  it("H9: a person who was shown the agent's key may be who asks with it, so does not count", async () => {
    const { slug, entryId } = await addAskingAgent(server, "Shown key", { ask: one });
    const shown = await ada.send("POST", `/workflows/${slug}/nodes/create/call`, {
      caller_node_id: "agent",
      arguments: {},
    });
    expect(shown.status, shown.text).toBe(200);
    const asked = await server.as(shown.body.api_key)("GET", `/vault/entries/${entryId}/code`);
    expect(asked.body.code, asked.text).toBe("APPROVAL_NEEDED");
    const question = asked.body.approval_id;
    expect((await answer(ada, question, "approve")).body.code).toBe("APPROVAL_NOT_YOURS");
    expect((await answer(ben, question, "approve")).body.state).toBe("approved");
  });

  it("H9: two means two different people, and each answers once", async () => {
    const { slug } = await addAskingAgent(server, "Two people", { ask: { ...one, needed: 2 } });
    const { runId, question } = await startAsking(server, ada, slug);
    expect(question.waits_for).toBe("Waits for two people");
    expect((await answer(ben, question.id, "approve")).body).toMatchObject({
      state: "pending",
      may_answer: false,
    });
    expect((await answer(ben, question.id, "approve")).body.code).toBe("APPROVAL_ANSWERED");
    expect((await answer(ada, question.id, "approve")).body.code).toBe("APPROVAL_NOT_YOURS");
    expect((await runOf(server, runId)).status).toBe("waiting");
    expect((await answer(cleo, question.id, "approve")).body.state).toBe("approved");
    expect((await endOf(server, runId)).results).toMatchObject([{ ok: true }]);
  });
});
