import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "../../plugin/hosts/flowise/built-package.ts";
import type { Checks, Say } from "../checks.ts";
import { installHost } from "../install-host.ts";
import { startModelStandIn } from "../model-stand-in.ts";
import { startTotemForHosts } from "../totem-for-hosts.ts";
import { type Supplies, saveAgentflow, saveChatflow, saveToolStep } from "./example-flows.ts";
import { type Flowise, prepareFlowise, type RunResult } from "./flowise-server.ts";

const enrol = [
  { tool: /^create_agent_user$/, arguments: { purpose: "Sells" } },
  { tool: /^get_totp_code$/ },
  { tool: /^verify_totp_code$/, arguments: (results: readonly string[]) => ({ code: codeIn(results) }) },
];

/** A tool that failed has answered in plain words. */
const codeIn = (results: readonly string[]): string =>
  /"totp_code":"(\d+)"/.exec(results.join("\n"))?.[1] ?? "none";

const equal = (seen: unknown, expected: unknown): void => {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new Error(`Expected ${b}, saw ${a}`);
};
const holds = (text: string, part: string): string => {
  if (!text.includes(part)) throw new Error(`Expected "${part}" in: ${text}`);
  return text.split("\n").find((line) => line.includes(part)) ?? part;
};

/** Who was verified in a run, in the order of the calls. Throws where a tool failed. */
function verified({ status, text, usedTools }: RunResult): string[] {
  if (status !== 200) throw new Error(`The flow answered ${status}: ${text}`);
  const answers = usedTools.map(({ tool, toolOutput, error }) => {
    if (error) throw new Error(`${tool}: ${error}`);
    return { tool, ...JSON.parse(toolOutput) };
  });
  const failed = answers.find(({ success }) => success !== true);
  if (failed) throw new Error(JSON.stringify(failed));
  return answers
    .filter(({ tool, valid }) => tool === "verify_totp_code" && valid)
    .map(({ username }) => username);
}

/** Totem's package in a real Flowise. */
export async function checkFlowise(checks: Checks, say: Say): Promise<void> {
  const home = await installHost("flowise", join(import.meta.dirname, "host"), say);
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "totem-flowise-package-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const built = await buildPackage(join(folder, "flowise-nodes-totem"));
  const register = join(built, "register.js");
  const totem = await startTotemForHosts();
  stack.defer(totem.remove);
  const model = await startModelStandIn();
  stack.defer(model.stop);
  const flowise = await prepareFlowise(home);
  stack.defer(flowise.remove);
  const key = await totem.makeKey();

  model.play(enrol);
  await flowise.start([register]);
  const supplies: Supplies = {
    flowise,
    credential: await addCredential(flowise, totem.url, key),
    modelUrl: model.url,
  };
  const flow = await saveAgentflow(supplies, "Sales flow", ["Seller", "Buyer"]);

  await checks.check("Agentflow: each of two agents is verified as itself", async () => {
    const seen = verified(await flowise.ask(flow));
    equal(seen, ["agent_sales-flow_agentAgentflow_0", "agent_sales-flow_agentAgentflow_1"]);
    const [workflow] = await totem.workflows(flow);
    equal(workflow?.identities.map(({ agent_node_name, state }) => [agent_node_name, state]).sort(), [
      ["Buyer", "active"],
      ["Seller", "active"],
    ]);
    return seen.join(", ");
  });

  const chat = await saveChatflow(supplies, "Support chat", { unwired: ["totemWhoami"] });
  await checks.check("Chatflow: the Tool Agent is found along the edge, and verified", async () => {
    const seen = verified(await flowise.ask(chat));
    equal(seen, ["agent_support-chat_toolAgent_0"]);
    return seen.join();
  });

  await checks.check("Chatflow: a tool wired to nothing is not offered, and calls nobody", async () => {
    const offered = model.requests.flatMap(({ tools = [] }) => tools.map((tool) => tool.function.name));
    if (offered.includes("whoami")) throw new Error("It was offered.");
    equal((await totem.workflows(chat)).flatMap(({ identities }) => identities).length, 1);
    return [...new Set(offered)].join(", ");
  });

  await checks.check("Agentflow: a step that runs a tool without an agent is refused", async () => {
    const step = await saveToolStep(supplies, "Step alone", "totemGetTotpCode");
    const { text } = await flowise.ask(step);
    equal(await totem.workflows(step), []);
    return holds(text, "a step of the flow has no identity");
  });

  await checks.check("Chatflow: a tool that two agents share is refused with the reason", async () => {
    const shared = await saveChatflow(supplies, "Shared", { agents: 2, tools: ["totemGetTotpCode"] });
    const { text } = await flowise.ask(shared);
    equal(await totem.workflows(shared), []);
    return holds(text, "use one tool node per agent");
  });

  await checks.check("A renamed flow keeps its agents' accounts", async () => {
    await flowise.api("PUT", `/chatflows/${flow}`, { name: "Another name" });
    const seen = verified(await flowise.ask(flow));
    equal(seen[0], "agent_sales-flow_agentAgentflow_0");
    return seen.join(", ");
  });

  await checks.check("A duplicated flow has accounts of its own", async () => {
    const { name, type, flowData } = await flowise.api("GET", `/chatflows/${flow}`);
    const copy = (await flowise.api("POST", "/chatflows", { name, type, flowData, isPublic: true })).id;
    const seen = verified(await flowise.ask(copy));
    equal(seen[0], "agent_another-name_agentAgentflow_0");
    return seen.join(", ");
  });

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

  await checks.check("Flowise restarted: the same accounts", async () => {
    await flowise.stop();
    await flowise.start([register]);
    const seen = [...verified(await flowise.ask(flow)), ...verified(await flowise.ask(chat))];
    equal(seen, [
      "agent_sales-flow_agentAgentflow_0",
      "agent_sales-flow_agentAgentflow_1",
      "agent_support-chat_toolAgent_0",
    ]);
    return seen.join(", ");
  });

  await checks.check("A package that is broken does not keep Flowise from starting", async () => {
    await flowise.stop();
    const broken = await buildPackage(join(folder, "broken"));
    rmSync(join(broken, "tool-node.js"));
    await flowise.start([join(broken, "register.js")]);
    await flowise.api("GET", "/nodes/toolAgent");
    return holds(flowise.output(), "Totem's tools were not added to Flowise: they could not be loaded");
  });

  await checks.check("install copies the tools, and Flowise has them without NODE_OPTIONS", async () => {
    await flowise.stop();
    const run = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(built, "install.js"), ...args, home],
        {
          encoding: "utf8",
        },
      );
      if (status !== 0) throw new Error(stderr);
      return stdout;
    };
    run();
    try {
      await flowise.start([]);
      const seen = verified(await flowise.ask(flow));
      equal(seen[1], "agent_sales-flow_agentAgentflow_1");
      return seen.join(", ");
    } finally {
      holds(run("--uninstall"), "Removed");
    }
  });

  await checks.check("The key is in nothing that Flowise has printed", async () => {
    if (flowise.output().includes(key)) throw new Error("It is.");
    return `${flowise.output().length} characters looked through`;
  });
}

async function addCredential(flowise: Flowise, totemUrl: string, totemKey: string): Promise<string> {
  const body = { name: "Totem", credentialName: "totemApi", plainDataObj: { totemUrl, totemKey } };
  return (await flowise.api("POST", "/credentials", body)).id;
}
