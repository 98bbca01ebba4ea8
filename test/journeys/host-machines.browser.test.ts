import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../server/clock.ts";
import { hostClient, hostKey } from "../support/host-calls.ts";
import { look } from "../support/look-at-view.ts";
import { newKeyPair, signedClient } from "../support/signed-client.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";

const journey = startJourney();
const place = { host: "n8n", host_instance: "main" };
const call = {
  ...place,
  workflow_id: "wf1",
  workflow_name: "Sales flow",
  agent_node_id: "a1",
  agent_node_name: "Seller",
  tool: "create_agent_user",
};
const sectionOf = (page: Page): Locator => page.locator('[data-host="n8n"]');

describe("the machines of a host", () => {
  it("H10: are confirmed by their fingerprint, and a lost key pair is enrolled again by a person", async () => {
    await journey.server.addWorkflow({ nodes: [], edges: [] }, "Some flow");
    const { studio, page, complaints, context } = await journey.open("/hosts", withClipboard);
    await page.getByRole("button", { name: "Connect a host" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("checkbox", { name: /must be signed/ }).isChecked()).toBe(true);
    await dialog.getByRole("radio", { name: "LangChain" }).check();
    expect(await dialog.getByRole("checkbox", { name: /must be signed/ }).isChecked()).toBe(false);
    await dialog.getByRole("radio", { name: "n8n" }).check();
    await dialog.getByRole("button", { name: "Create the key" }).click();
    await dialog.getByRole("button", { name: "Copy Key" }).click();
    await dialog.getByRole("button", { name: "Copied Key" }).waitFor();
    const key = await studio.clipboard();
    await dialog.getByRole("button", { name: "Done" }).click();

    const machine = newKeyPair();
    const send = signedClient(journey.server, { key, pair: machine, clock: systemClock });
    const enrol = { path: "/host-key-pairs", body: { ...place, public_key: machine.publicKey } };
    expect((await send({ path: "/host-calls", body: call })).status).toBe(401);
    expect((await send(enrol)).body.state).toBe("pending");
    const waiting = page.locator(`[data-fingerprint="${machine.fingerprint}"]`);
    await waiting.getByText("It waits for you.").waitFor();
    await sectionOf(page).getByText("It has no identities yet.").waitFor();
    await sectionOf(page).getByText("Calls are refused until you confirm a key pair.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await look(studio, "host-machine-waits");

    await page.getByRole("button", { name: `Confirm ${machine.fingerprint}` }).click();
    await page.getByRole("button", { name: "It is the same: confirm" }).click();
    await sectionOf(page).getByText("Bound to its machine").waitFor();
    await waiting.getByText(/^Confirmed by/).waitFor();
    expect((await send({ path: "/host-calls", body: call })).status).toBe(200);
    expect((await hostClient(journey.server, key, "main")("get_totp_code")).status).toBe(401);
    await page.locator('[data-username="agent_sales-flow_a1"]').waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await page.getByRole("button", { name: `Remove ${machine.fingerprint}` }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await sectionOf(page).getByText("Calls are refused until you confirm a key pair.").waitFor();
    expect((await send({ path: "/host-calls", body: call })).status).toBe(401);
    const next = newKeyPair();
    const sendNext = signedClient(journey.server, { key, pair: next, clock: systemClock });
    await sendNext({ path: enrol.path, body: { ...place, public_key: next.publicKey } });
    await page.getByRole("button", { name: `Confirm ${next.fingerprint}` }).click();
    await page.getByRole("button", { name: "It is the same: confirm" }).click();
    await sectionOf(page).getByText("Bound to its machine").waitFor();
    expect((await sendNext({ path: "/host-calls", body: call })).body.already_existed).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("H10: are not asked of old keys, which are marked; a further key is made beside the host's name", async () => {
    const { server } = journey;
    const old = await hostKey(server, "old key");
    const flowise = { host: "flowise", instance: "org" };
    expect((await hostClient(server, old)("create_agent_user", flowise)).status).toBe(200);
    const { page, studio, complaints, context } = await journey.open("/hosts", withClipboard);
    const section = page.locator('[data-host="flowise"]');
    await section.getByText("Not bound to a machine").waitFor();
    await page.locator('[data-key="old key"]').getByText("Not bound to a machine").waitFor();
    await look(studio, "host-not-bound");
    await page.getByRole("button", { name: "Another key for Flowise · org" }).click();
    const dialog = page.getByRole("dialog", { name: "Another key for Flowise · org" });
    expect(await dialog.getByRole("radio").count()).toBe(0);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("checkbox", { name: /must be signed/ }).uncheck();
    await dialog.getByRole("button", { name: "Create the key" }).click();
    await page.getByRole("button", { name: "Copy Key" }).click();
    await page.getByRole("button", { name: "Copied Key" }).waitFor();
    const further = await studio.clipboard();
    await page.getByRole("button", { name: "Done" }).click();
    const answer = await hostClient(server, further)("create_agent_user", flowise);
    expect(answer.body).toMatchObject({ already_existed: true });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
