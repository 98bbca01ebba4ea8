import { describe, expect, it } from "vitest";
import { z } from "zod";
import { catalogue, isTool } from "../../../../plugin/catalogue.ts";
import { agent } from "../../../../plugin/nodes/agent.ts";
import { aiModel } from "../../../../plugin/nodes/ai-model.ts";
import { vaultTotp } from "../../../../plugin/nodes/vault-totp.ts";
import { configFields, configProblems, isFieldShown } from "../../../../ui/studio/panel/config-fields.ts";
import {
  argumentsHint,
  moveStep,
  readSteps,
  referencesOf,
  toolChoices,
} from "../../../../ui/studio/panel/script-steps.ts";
import { agentWorkflow } from "../../../support/build-workflow.ts";

describe("the form of a node's settings", () => {
  it("is made from the contract's schema: title, help, control, limits and default", () => {
    expect(configFields(agent)).toMatchObject([
      { name: "system_prompt", title: "Instructions", control: "multiline", fallback: "" },
      { name: "max_steps", title: "Most steps", control: "number", fallback: 20, min: 1, max: 100 },
      { name: "may_reach", title: "May send requests to", control: "multiline", fallback: "" },
    ]);
    expect(configFields(aiModel).map(({ control }) => control)).toEqual([
      "choice",
      "text",
      "model-key",
      "text",
      "script",
    ]);
    expect(configFields(vaultTotp)[0]).toMatchObject({ name: "entry", control: "vault-entry" });
  });

  it("says of every setting what the JSON Schema in plugin.json says of it", () => {
    for (const { config } of catalogue) {
      const { properties = {} } = z.toJSONSchema(config, { io: "input" });
      const schemas = Object.entries(properties).map(([name, schema]) =>
        typeof schema === "boolean" ? { name } : { ...schema, name },
      );
      expect(configFields({ config })).toMatchObject(
        schemas.map((schema) => ({
          name: schema.name,
          description: schema.description,
          fallback: schema.default,
          choices: schema.enum ?? [],
          min: schema.minimum,
          max: schema.maximum,
        })),
      );
    }
  });

  it("has a control for settings that no node uses yet", () => {
    const fields = configFields({
      config: z.object({ on: z.boolean(), deep: z.object({}), plain_name: z.string() }),
    });
    expect(fields.map(({ control }) => control)).toEqual(["switch", "json", "text"]);
    expect(fields[2]?.title).toBe("plain name");
  });

  it("shows a scripted model its script and a real one everything else", () => {
    const shown = (config: Record<string, unknown>) =>
      configFields(aiModel)
        .filter((field) => isFieldShown(aiModel, field, config))
        .map(({ name }) => name);
    expect(shown({})).toEqual(["provider", "steps"]);
    expect(shown({ provider: "openai" })).toEqual(["provider", "model", "model_key"]);
    expect(shown({ provider: "openai-compatible" })).toEqual(["provider", "model", "model_key", "base_url"]);
  });

  it("says what is wrong beneath the field it is about", () => {
    expect([...configProblems(aiModel, {}).keys()]).toEqual(["steps"]);
    expect([...configProblems(aiModel, { provider: "openai" }).keys()]).toEqual(["model", "model_key"]);
    expect(configProblems(agent, { max_steps: 3 }).size).toBe(0);
  });
});

describe("the script of a scripted model", () => {
  const steps = [{ tool: "create_agent_user" }, { tool: "get_totp_code" }, { say: "Done." }];

  it("is read only when every line is a step", () => {
    expect(readSteps(steps)).toEqual(steps);
    expect(readSteps([{ tool: "a", say: "b" }])).toBeUndefined();
    expect(readSteps("steps")).toBeUndefined();
  });

  it("offers the tools wired to the model's agent first", () => {
    const graph = agentWorkflow();
    const few = { ...graph, edges: graph.edges.filter(({ source }) => source !== "verify") };
    const { wired, others } = toolChoices(few, "model");
    expect(wired).toContain("create_agent_user");
    const tools = catalogue.filter(isTool).map(({ type }) => type);
    expect(others).toEqual(tools.filter((type) => !wired.includes(type)));
    expect(others).toEqual(expect.arrayContaining(["verify_totp_code", "vault_totp", "http_request"]));
  });

  it("lets a step use what earlier steps answer, and nothing later", () => {
    expect(referencesOf(steps, 1)).toContain("{{create_agent_user.username}}");
    expect(referencesOf(steps, 1)).not.toContain("{{get_totp_code.totp_code}}");
    expect(referencesOf(steps, 2)).toContain("{{get_totp_code.totp_code}}");
    expect(referencesOf(steps, 0)).toEqual([]);
  });

  it("says which arguments a tool takes", () => {
    expect(argumentsHint("create_agent_user")).toContain('"purpose"');
    expect(argumentsHint("whoami")).toBe("No arguments");
    expect(argumentsHint("a host's tool")).toBe("Arguments as JSON");
  });

  it("moves a step past its neighbour and not past the end", () => {
    expect(moveStep(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moveStep(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(moveStep(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });
});
