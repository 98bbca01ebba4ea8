import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { exchangeGrant, tokenTypes } from "../../plugin/api/workload.ts";
import { systemClock } from "../../server/clock.ts";
import { addPerson, linkFor } from "../support/add-person.ts";
import { agentWorkflow } from "../support/build-workflow.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";
import { startIssuer } from "../support/workload-issuer.ts";

const issuer = await startIssuer(systemClock.now);
const journey = startJourney({ settings: { TOTEM_PRIVATE_URLS: `issuer ${issuer.issuer}` } });
afterAll(() => issuer.stop());

const rowOf = (page: Page, list: string, name: string) =>
  page.getByRole("list", { name: list }).getByRole("listitem").filter({ hasText: name });

it("D14: trusts an issuer, writes a rule, says whether a token gets in, and removes both", async () => {
  const slug = await journey.server.addWorkflow(agentWorkflow(), "Robots");
  await journey.server.call(slug, "create");
  const { studio, page, complaints, context } = await journey.open("/settings/workload", { viewport: desk });
  await page.getByText("No issuer is trusted yet. Trust the one that gives").waitFor();
  await look(studio, "settings no issuer");

  await page.getByRole("button", { name: "Trust an issuer…" }).click();
  const trust = page.getByRole("dialog", { name: "Trust an issuer" });
  await trust.getByText("kubectl get --raw /openid/v1/jwks").waitFor();
  await trust.getByLabel("Keys", { exact: true }).fill("not JSON");
  await trust.getByLabel("Issuer", { exact: true }).fill(issuer.issuer);
  await trust.getByLabel("Name", { exact: true }).fill("Cluster");
  await trust.getByRole("button", { name: "Trust it" }).click();
  await trust.getByText("This is not JSON.").waitFor();
  await look(studio, "settings trust an issuer");
  await trust.getByRole("radio", { name: /by the issuer’s own document/ }).check();
  await trust.getByRole("button", { name: "Trust it" }).click();
  await rowOf(page, "Trusted issuers", "Cluster").getByText(issuer.issuer).waitFor();
  await page.getByText("There is no rule yet, so no token gets in.").waitFor();

  const test = page.getByRole("region", { name: "Test a token" });
  const tryIt = async (claims: object, outcome: string | RegExp) => {
    await test.getByLabel("Token", { exact: true }).fill(await issuer.sign({ claims: { ...claims } }));
    await test.getByRole("button", { name: "Test it" }).click();
    await test.getByRole("status").getByText(outcome).waitFor();
  };
  await tryIt({}, "No rule of this issuer has the audience");

  await page.getByRole("button", { name: "New rule…" }).click();
  const rule = page.getByRole("dialog", { name: "New rule" });
  await rule.getByLabel("Name", { exact: true }).fill("Robot of prod");
  expect(await rule.getByLabel("Audience", { exact: true }).inputValue()).toBe(journey.server.url);
  await rule.getByLabel("Conditions", { exact: true }).fill("no condition");
  await rule.getByRole("button", { name: "Create the rule" }).click();
  await rule.getByText("Line 1: write the claim").waitFor();
  await rule
    .getByLabel("Conditions", { exact: true })
    .fill("/kubernetes.io/namespace = prod\nsub = system:*:prod:*");
  await rule.getByLabel("Agent", { exact: true }).fill("agent_robots_agent");
  await look(studio, "settings new rule");
  await rule.getByRole("button", { name: "Create the rule" }).click();
  const row = rowOf(page, "Rules", "Robot of prod");
  await row.getByText("A token of Cluster acts as the agent agent_robots_agent, if").waitFor();
  await row.getByText("Never used.").waitFor();

  const aud = journey.server.url;
  await tryIt({ aud, sub: "system:serviceaccount:stage:robot" }, /Not as it wants: sub/);
  await look(studio, "settings token that does not get in");
  await tryIt(
    { aud },
    /It gets in as the agent agent_robots_agent, by the rule “Robot of prod”, for 15 minutes/,
  );
  await look(studio, "settings token that gets in");

  const token = await issuer.sign({ claims: { aud } });
  const form = { grant_type: exchangeGrant, subject_token: token, subject_token_type: tokenTypes.jwt };
  const answer = await journey.server.send(
    "POST",
    "/api/v1/auth/token",
    new URLSearchParams(form).toString(),
    {
      "content-type": "application/x-www-form-urlencoded",
    },
  );
  const api = journey.server.as(answer.body.access_token);
  expect((await api("GET", "/whoami")).body.name).toBe("agent_robots_agent");
  await page.reload();
  await row.getByText("Last used just now.").waitFor();

  await row.getByRole("button", { name: "Change the rule Robot of prod" }).click();
  const change = page.getByRole("dialog", { name: "Change the rule “Robot of prod”" });
  expect(await change.getByLabel("Conditions", { exact: true }).inputValue()).toContain(
    "sub = system:*:prod:*",
  );
  await change.getByLabel("Lasts", { exact: true }).selectOption("5 minutes");
  await change.getByRole("button", { name: "Save" }).click();
  await change.waitFor({ state: "detached" });
  expect((await api("GET", "/whoami")).status).toBe(401);

  await row.getByRole("button", { name: "Remove the rule Robot of prod" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("There is no rule yet").waitFor();
  await rowOf(page, "Trusted issuers", "Cluster").getByRole("button", { name: "Remove the issuer" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("No issuer is trusted yet.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("D14: shows an auditor what is trusted, and no button", async () => {
  const body = {
    name: "Runners",
    kind: "oidc",
    issuer: "https://id.example.com",
    jwks: { keys: issuer.keys },
  };
  const owner = await addPerson(journey.server, { roles: ["owner"] });
  expect((await owner.send("POST", "/workload-identity/issuers", body)).status).toBe(201);
  const auditor = await addPerson(journey.server, { roles: ["auditor"] });
  const { page, complaints, context } = await journey.visit({ viewport: desk });
  await page.goto(`${journey.server.url}/#sign-in=${await linkFor(journey.server, auditor)}`);
  await page.getByRole("heading", { name: "Totem studio" }).waitFor();
  await page.goto(`${journey.server.url}/settings/workload`);
  await rowOf(page, "Trusted issuers", "Runners").getByText("Its keys were pasted.").waitFor();
  expect(await page.getByRole("button", { name: /^(Trust|Change the|Remove the|Test)/ }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});
