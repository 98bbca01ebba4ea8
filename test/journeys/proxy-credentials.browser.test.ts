import { request as send } from "node:http";
import { describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";

const journey = startJourney({ settings: { TOTEM_PROXY_PORT: "0" } });

/** The code with which the proxy refuses a program that has this line in its environment; undefined if it lets it in. */
async function refusalOf(line: string): Promise<unknown> {
  const { hostname, port, username, password } = new URL(line);
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  const body = await new Promise<string>((resolve, reject) => {
    const options = {
      host: hostname,
      port,
      // On no list: who is let in reads that.
      path: "http://nowhere.example/",
      headers: { host: "nowhere.example", "proxy-authorization": `Basic ${login}` },
    };
    send(options, async (answer) => resolve((await answer.toArray()).join("")))
      .on("error", reject)
      .end();
  });
  return JSON.parse(body).code;
}

describe("a program that uses an agent's secrets through the proxy", () => {
  it("gets a credential from the agent's settings, shown once, and is refused when that is revoked", async () => {
    const slug = await journey.server.addWorkflow(agentWorkflow(), "By a program");
    await journey.server.call(slug, "create");
    const { studio, page, complaints, context } = await journey.open(`/w/${slug}`, {
      viewport: desk,
      ...withClipboard,
    });
    await studio.choose("agent");
    const button = page.getByRole("button", { name: "Use by a program" });
    await look(studio, "agent with a proxy");
    await button.click();
    const dialog = page.getByRole("dialog", { name: "Use by a program" });
    await dialog.getByText("No program uses the proxy as").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect((await journey.server.api("GET", "/proxy-credentials")).body.proxy_credentials).toEqual([]);
    await dialog.getByRole("button", { name: "Create a credential" }).click();

    const made = page.getByRole("dialog", { name: "A new credential for the proxy" });
    await made.getByRole("button", { name: "Copy HTTPS_PROXY" }).click();
    await made.getByRole("button", { name: "Copied HTTPS_PROXY" }).waitFor();
    const line = await studio.clipboard();
    const { username, password, origin } = new URL(line);
    expect([username, origin]).toEqual(["agent_by-a-program_agent", journey.server.proxy?.url]);
    expect(password).toMatch(/^totem_proxy_/);
    expect(await made.getByLabel("Certificate", { exact: true }).inputValue()).toContain("BEGIN CERTIFICATE");
    await look(studio, "a new credential for the proxy");
    expect(await refusalOf(line)).toBe("ADDRESS_REFUSED");
    await made.getByRole("button", { name: "Done" }).click();
    await made.waitFor({ state: "detached" });
    expect(await studio.focusedText()).toBe("Use by a program…");
    // What was shown once is nowhere any more.
    expect(await page.content()).not.toContain(password);

    await page.getByText("One program’s credential works.").waitFor();
    await button.click();
    const list = page.getByRole("list", { name: "Credentials of this agent for the proxy" });
    await expect.poll(() => list.getByRole("listitem").count()).toBe(1);
    await list.getByText(/^Last used .* from 127\.0\.0\.1\.$/).waitFor();
    await look(studio, "credentials for the proxy");
    await list.getByRole("button", { name: /^Revoke the credential/ }).click();
    const question = page.getByRole("dialog", { name: "Revoke this credential?" });
    await question.getByText("This cannot be undone.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await question.getByRole("button", { name: "Revoke", exact: true }).click();
    await dialog.getByText("No program uses the proxy as").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => studio.focusedText()).toBe("Use by a program…");
    expect(await refusalOf(line)).toBe("PROXY_CREDENTIAL_NEEDED");
    expect(complaints).toEqual([]);
    await context.close();
  });
});
