import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Checks } from "../checks.ts";
import type { Step } from "../model-stand-in.ts";
import type { Workbench } from "./workbench.ts";

const create: Step = { tool: /^Create_Agent_User$/ };
const sent = "482913";

/** Codes of services outside: of a stored login, and one that somebody sends. */
export async function checkOutside(checks: Checks, { totem, save }: Workbench): Promise<void> {
  await checks.check("an agent reads the code of a stored login once it is granted", async () => {
    const tools = ["Create Agent User", "Vault TOTP"];
    const flow = await save({ name: "Vault", agents: [{ name: "AI Agent", id: "a1", tools }] });
    await flow.run([create]);
    const entry = { name: "supplier", one_time: {} };
    const { id } = (await totem.api("POST", "/vault/entries", entry)) as { id: string };
    const read: Step = { tool: /^Vault_TOTP$/, arguments: { name: "supplier" } };
    assert.match(await flow.run([read]), /VAULT_ENTRY_NOT_FOUND/);
    const grantee = { kind: "agent_user", name: "agent_vault_a1" };
    await totem.api("PUT", `/vault/entries/${id}/grants`, { grantee, rights: ["codes"] });
    const [, digits = ""] = /totp_code\W+(\d+)/.exec(await flow.run([read])) ?? [];
    assert.match(digits, /^\d{6}$/);
    return `refused, then ${digits.length} digits`;
  });

  await checks.check("a run waits for a code that is sent to its agent, and goes on with it", async () => {
    const tools = ["Create Agent User", "Wait for Code"];
    const flow = await save({ name: "Waits", agents: [{ name: "AI Agent", id: "a1", tools }] });
    await flow.run([create]);
    const waiting = flow.run([{ tool: /^Wait_for_Code$/ }]);
    for (;;) {
      const { waits } = (await totem.api("GET", "/inbox/waits")) as { waits: { agent: string }[] };
      if (waits.some(({ agent }) => agent === "agent_waits_a1")) break;
      await pause(100);
    }
    const pushed = await fetch(`${totem.url}/v1/credentials/totp`, {
      method: "POST",
      headers: { "x-api-key": totem.adminKey, "content-type": "application/json" },
      body: JSON.stringify({ totp_identifier: "agent_waits_a1", content: `Your sign-in code is ${sent}` }),
    });
    assert.equal(pushed.status, 200);
    assert.match(await waiting, new RegExp(`verification_code\\W+${sent}`));
    return "it waited, and has the code that was sent";
  });
}
