import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchangeGrant, tokenTypes } from "../../../plugin/api/workload.ts";
import { everyRow } from "../../support/every-row.ts";
import { startWorkload, type WorkloadStory } from "../../support/start-workload.ts";

let story: WorkloadStory;
beforeAll(async () => {
  story = await startWorkload();
});
afterAll(() => story.stop());

describe("a test of a token", () => {
  it("D14: says that it would get in, and as whom, and does not use it up", async () => {
    const token = await story.issuer.sign();
    for (let tried = 0; tried < 2; tried++)
      expect((await story.try(token)).body).toEqual({
        gets_in: true,
        reason: null,
        words: `It gets in as the agent ${story.username}, by the rule “Robot of prod”, for 15 minutes.`,
        issuer: "Cluster",
        subject: "system:serviceaccount:prod:robot",
        rule: "Robot of prod",
        as: { kind: "agent_user", name: story.username },
        rules: [
          { name: "Robot of prod", fits: true, words: `It fits, and names the agent ${story.username}.` },
        ],
      });
    expect((await story.exchange(token)).status).toBe(200);
    expect((await story.try(token)).body).toMatchObject({ gets_in: false, reason: "replayed" });
  });

  it("D14: says why not, and what each rule wants that the token has not", async () => {
    const { sign } = story.issuer;
    const sub = await story.try(await sign({ claims: { sub: "system:serviceaccount:stage:robot" } }));
    expect(sub.body).toMatchObject({
      reason: "no_rule",
      words: "No rule fits its claims.",
      rules: [{ fits: false, words: "Not as it wants: sub." }],
    });
    const aud = await story.try(await sign({ claims: { aud: "other" } }));
    expect(aud.body).toMatchObject({
      reason: "audience",
      rules: [{ fits: false, words: "The token says another audience in aud." }],
    });
    expect((await story.try(await sign({ claims: { iss: "https://other.example" } }))).body).toMatchObject({
      reason: "issuer_unknown",
      subject: null,
    });
    expect((await story.try("no token")).body).toMatchObject({ gets_in: false, reason: "malformed" });
  });

  it("D14: neither stores nor says back the token or what it says besides its subject", async () => {
    const planted = "planted-claim-4711";
    const token = await story.issuer.sign({ claims: { secret: planted, aud: ["other", planted] } });
    const answer = await story.try(token);
    expect(answer.status).toBe(200);
    const all = [...(await everyRow(story.server.database.kysely)).values()].flat().join("\n");
    for (const text of [answer.text, all, story.server.log.join("\n")]) {
      expect(text).not.toContain(planted);
      for (const part of token.split(".")) expect(text).not.toContain(part);
    }
    const { audit_events } = (await story.server.api("GET", "/audit-events?action=workload.tried&limit=1"))
      .body;
    expect(audit_events[0]).toMatchObject({ actor_kind: "person", result: "refused", reason: "audience" });
  });
});

describe("the exchange as OAuth has it", () => {
  const fields = { grant_type: exchangeGrant, subject_token: "x", subject_token_type: tokenTypes.jwt };
  it.each([
    ["another grant", { ...fields, grant_type: "password" }, "unsupported_grant_type"],
    ["no grant", { ...fields, grant_type: "" }, "unsupported_grant_type"],
    ["no token", { ...fields, subject_token: "" }, "invalid_request"],
    ["another type of token", { ...fields, subject_token_type: "urn:x" }, "invalid_request"],
    ["another type of answer", { ...fields, requested_token_type: tokenTypes.jwt }, "invalid_request"],
    ["a workspace that is no id", { ...fields, workspace_id: "x" }, "invalid_request"],
  ])("D14: answers %s by its errors", async (_what, form, error) => {
    const answer = await story.form(form);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("D14: takes forms only, with each field once", async () => {
    const url = "/api/v1/auth/token";
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const twice = `${new URLSearchParams(fields).toString()}&grant_type=x`;
    for (const answer of [
      await story.server.send("POST", url, fields),
      await story.server.send("POST", url, twice, type),
      await story.server.send("POST", url, "", type),
    ])
      expect([answer.status, answer.body.code], answer.text).toEqual([400, "INPUT_INVALID"]);
    const large = await story.form({ ...fields, subject_token: "x".repeat(70_000) });
    expect([large.status, large.body.code]).toEqual([413, "BODY_TOO_LARGE"]);
  });

  it("D14: keeps workspaces apart: the rules of one let nothing into another", async () => {
    const made = await story.owner.send("POST", "/workspaces", { name: "Second" });
    const workspace_id = made.body.id;
    const sign = () => story.issuer.sign();
    expect((await story.exchange(await sign(), { workspace_id })).status).toBe(400);
    const nowhere = { workspace_id: "3d3e2f0a-0000-4000-8000-000000000001" };
    expect((await story.exchange(await sign(), nowhere)).status).toBe(400);
    expect(await story.lastLogged()).toMatchObject({ reason: "issuer_unknown" });
    const second = story.server.as(made.body.key);
    expect((await second("GET", "/workload-identity")).body).toMatchObject({ issuers: [], rules: [] });
  });
});
