import type { Checks } from "../checks.ts";
import { type Flows, saveAgentflow } from "./example-flows.ts";
import { equal, holds, verified } from "./seen.ts";
import { addCredential, type FlowiseUnderTest } from "./start-flowise.ts";

/** What a person sees when something is wrong, and what Flowise keeps. */
export async function checkFaults(
  checks: Checks,
  { flowise, totem, supplies }: FlowiseUnderTest,
  { flow, chat }: Flows,
): Promise<void> {
  await checks.check(
    "Totem down: the flow ends with a clear error, and goes on when Totem is back",
    async () => {
      await totem.stop();
      const started = performance.now();
      const down = await flowise.ask(flow);
      holds(down.text, "Totem could not be reached at http://127.0.0.1");
      const inChat = await flowise.ask(chat);
      holds(inChat.usedTools[0]?.error ?? "", "Totem could not be reached at http://127.0.0.1");
      const took = Math.round(performance.now() - started);
      await totem.start();
      verified(await flowise.ask(flow));
      return `${down.text} (both in ${took} ms)`;
    },
  );

  await checks.check("A wrong key is refused in plain words", async () => {
    const credential = await addCredential(flowise, totem.url, "totem_key_wrong");
    const wrong = await saveAgentflow({ ...supplies, credential }, "Wrong key", ["Agent"]);
    return holds((await flowise.ask(wrong)).text, "Totem refused the key of this credential");
  });

  await checks.check(
    "Flowise keeps a tool's answers, never a lasting key, until they are deleted",
    async () => {
      let kept = 0;
      for (const id of [flow, chat]) {
        const messages = await flowise.api("GET", `/chatmessage/${id}`);
        const executions = await flowise.api("GET", `/executions?agentflowId=${id}`);
        const text = JSON.stringify([messages, executions]);
        holds(JSON.stringify(messages), "totp_code");
        if (id === flow) holds(JSON.stringify(executions), "totp_code");
        if (text.includes("totem_agent_")) throw new Error("An agent's key is kept.");
        kept += text.length;
        await flowise.api("DELETE", `/chatmessage/${id}`);
        const executionIds = executions.data.map((execution: { id: string }) => execution.id);
        await flowise.api("DELETE", "/executions", { executionIds });
        equal(await flowise.api("GET", `/chatmessage/${id}`), []);
        equal((await flowise.api("GET", `/executions?agentflowId=${id}`)).total, 0);
      }
      return `${kept} characters were kept, and are gone`;
    },
  );
}
