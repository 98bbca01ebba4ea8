import { expect, it } from "vitest";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

/** Listed, and no program listens there. */
const journey = startJourney({ settings: { TOTEM_MODEL_URLS: "http://127.0.0.1:9" } });

const at = (x: number, y: number, ...[id, type, config]: Parameters<typeof node>) => ({
  ...node(id, type, config),
  position: { x, y },
});

type Config = Parameters<typeof node>[2];

interface Broken {
  readonly tool?: string;
  readonly model: Config;
  readonly agent?: Config;
}

/** A workflow that cannot come to a good end. */
const broken = ({ tool, model, agent }: Broken) => ({
  nodes: [
    at(0, 0, "chat", "trigger_chat"),
    at(300, 0, "agent", "agent", agent),
    at(200, 250, "model", "ai_model", model),
    ...(tool ? [at(500, 250, "tool", tool)] : []),
  ],
  edges: [flowEdge("chat", "agent"), modelEdge("model"), ...(tool ? [toolEdge("tool")] : [])],
});

const noCode = { tool: "verify_totp_code", arguments: {} };
/** An address of a cloud's metadata. */
const inside = { provider: "openai-compatible", model: "none", base_url: "http://169.254.169.254/latest" };
const unreachable = { provider: "openai-compatible", model: "none", base_url: "http://127.0.0.1:9" };

it.each<[button: string, shows: string, workflow: Broken]>([
  [
    "Raise the limit",
    "Agent",
    { tool: "whoami", model: { steps: [{ tool: "whoami" }] }, agent: { max_steps: 1 } },
  ],
  ["Open the model's settings", "AI Model", { model: unreachable }],
  ["Open its settings", "AI Model", { model: inside }],
  [
    "Show the tool",
    "Verify TOTP Code",
    { tool: "verify_totp_code", model: { steps: [noCode, { say: "Done." }] } },
  ],
])("“%s” opens the settings of the %s and puts the focus on its node", async (button, shows, workflow) => {
  const { studio, complaints, context } = await journey.openWorkflow(broken(workflow), `Broken ${shows}`);
  await studio.sendMessage("Go.");
  await studio.conversation().getByRole("button", { name: button }).click();
  const settings = studio.settings();
  await settings.getByRole("heading", { name: shows, exact: true }).waitFor();
  await expect.poll(() => studio.focusedAttribute("aria-label")).toMatch(new RegExp(`^${shows}`));
  expect(complaints).toEqual([]);
  await context.close();
});

it("“Run again” starts the run again with what was said", async () => {
  const wrong = { tool: "verify_totp_code", arguments: { code: "000000" } };
  const graph = broken({ model: { steps: [{ tool: "create_agent_user" }, wrong] } });
  const { slug, studio, complaints, context } = await journey.openWorkflow(
    {
      nodes: [
        ...graph.nodes,
        at(500, 250, "create", "create_agent_user"),
        at(700, 250, "verify", "verify_totp_code"),
      ],
      edges: [...graph.edges, toolEdge("create"), toolEdge("verify")],
    },
    "Wrong code",
  );
  await studio.sendMessage("Prove it.");
  const again = studio.conversation().getByRole("button", { name: "Run again" });
  await studio.runStatus("succeeded").waitFor();
  await again.click();
  const inputs = async () => {
    const { body } = await journey.server.api("GET", `/workflows/${slug}/runs`);
    return body.runs.map(({ input }: { input: string }) => input);
  };
  await expect.poll(inputs).toEqual(["Prove it.", "Prove it."]);
  expect(complaints).toEqual([]);
  await context.close();
});

it("the run list goes back as far as there are runs, some at a time", async () => {
  const slug = await journey.server.addWorkflow(
    broken({ model: { steps: [{ say: "Done." }] } }),
    "Many runs",
  );
  for (let run = 1; run <= 53; run++)
    await journey.server.api("POST", `/workflows/${slug}/runs`, { input: `Number ${run}.` });
  const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
  await studio.openRuns();
  await page.getByText("Number 53.").waitFor();
  expect(await page.getByText("Number 1.", { exact: true }).count()).toBe(0);
  await page.getByRole("button", { name: "Show older runs" }).click();
  await page.getByText("Number 1.", { exact: true }).waitFor();
  expect(await studio.pastRuns().count()).toBe(53);
  expect(await page.getByRole("button", { name: "Show older runs" }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it("H12: the AI Model node says which model servers of this machine work as they come, and what lists others", async () => {
  const { studio, complaints, context } = await journey.openWorkflow(broken({ model: inside }), "Says so");
  await studio.card("ai_model").click();
  const words = studio.settings().getByText(/Ollama \(11434\), LM Studio \(1234\) and vLLM \(8000\)/);
  await words.waitFor();
  expect(await words.textContent()).toContain("TOTEM_PRIVATE_URLS");
  expect(complaints).toEqual([]);
  await context.close();
});
