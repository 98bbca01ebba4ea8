import type { Checks, Say } from "../checks.ts";
import { saveAgentflow, saveChatflow } from "./example-flows.ts";
import { checkFaults } from "./fault-checks.ts";
import { checkIdentities } from "./identity-checks.ts";
import { checkKeyPairs } from "./key-pair-checks.ts";
import { checkStarts } from "./start-checks.ts";
import { withFlowise } from "./start-flowise.ts";

/** Totem's package in a real Flowise. */
export const checkFlowise = (checks: Checks, say: Say): Promise<void> =>
  withFlowise(say, async (all) => {
    const flow = await saveAgentflow(all.supplies, "Sales flow", ["Seller", "Buyer"]);
    const chat = await saveChatflow(all.supplies, "Support chat", { unwired: ["totemWhoami"] });
    const flows = { flow, chat };
    await checkIdentities(checks, all, flows);
    await checkFaults(checks, all, flows);
    await checkKeyPairs(checks, all, flows);
    await checkStarts(checks, all, flows);
  });
