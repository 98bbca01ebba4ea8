import { describe, expect, it } from "vitest";
import type { z } from "zod/v3";
import { hostedTools as catalogueTools } from "../../../../plugin/catalogue.ts";
import { hostedTools } from "../../../../plugin/hosts/flowise/hosted-tools.ts";
import { nodeFiles, nodeNameOf } from "../../../../plugin/hosts/flowise/tool-node.ts";
import { agentData, agentflow, optionsWith, toolNode } from "./flowise-stand-in.ts";

const key = "totem_key_for_a_test";
const nowhere = "http://127.0.0.1:9";
const options = optionsWith([agentflow()]);

describe("the tools in Flowise", () => {
  it("are those that the catalogue offers to hosts, each with a node and a file of its own", () => {
    const types = catalogueTools.map(({ type }) => type);
    expect(hostedTools.map(({ type }) => type)).toEqual(types);
    expect([...nodeFiles("..").keys()]).toEqual(types.map((type) => `${nodeNameOf(type)}.js`));
    expect(nodeNameOf("get_totp_code")).toBe("totemGetTotpCode");
  });

  it.each(hostedTools.map(({ type }) => [type]))("offer %s as a node that an agent's Tools take", (type) => {
    const { node } = toolNode(type, nowhere, key);
    expect(node).toMatchObject({
      name: nodeNameOf(type),
      category: "Tools",
      icon: "totem.svg",
      credential: { type: "credential", credentialNames: ["totemApi"] },
    });
    expect(node.baseClasses).toContain("Tool");
    // Flowise hides a node that names an author.
    expect(node).not.toHaveProperty("author");
    // It is sent to the editor as JSON.
    expect(JSON.parse(JSON.stringify(node)).inputs).toEqual(node.inputs);
  });

  it("let a person set what the catalogue lets a person set", () => {
    const { node } = toolNode("wait_for_code", nowhere, key);
    const rows = new Map(node.inputs.map((input) => [input.name, input]));
    expect(rows.get("timeout_seconds")).toMatchObject({
      type: "number",
      default: 300,
      additionalParams: true,
    });
    expect(rows.get("include_body")).toMatchObject({ type: "boolean", default: false });
    expect(rows.get("type")).toMatchObject({ type: "options", label: "Wait for", default: "any" });
    expect(rows.get("type")?.options?.map(({ name }) => name)).toEqual(["any", "code", "link"]);
  });

  it("give the model a handle for a key and for a code, unless a person says otherwise", () => {
    const reveal = (type: string) =>
      toolNode(type, nowhere, key).node.inputs.find(({ name }) => name === "reveal")?.default;
    expect(reveal("create_agent_user")).toBe("handle");
    expect(reveal("get_totp_code")).toBe("handle");
  });

  it("ask the model for what the catalogue asks for, and leave limits to Totem", async () => {
    const tool = await toolNode("verify_totp_code", nowhere, key).init(agentData(0), options);
    expect(tool.fields).toMatchObject({
      name: "verify_totp_code",
      description: hostedTools.find(({ type }) => type === "verify_totp_code")?.tool_description,
    });
    const schema = tool.fields.schema as unknown as z.ZodObject<z.ZodRawShape>;
    expect(Object.keys(schema.shape)).toEqual(["code", "username"]);
    expect(schema.shape.code?.description).toBe("The code exactly as it was given to you.");
    expect(schema.safeParse({ code: "1".repeat(1000) }).success).toBe(true);
    expect(schema.safeParse({}).success).toBe(false);
  });

  it("can be named, so that one agent may have two of a kind", async () => {
    const init = (toolName: unknown) =>
      toolNode("vault_totp", nowhere, key).init(agentData(0, { toolName }), options);
    expect((await init("code of github!")).fields.name).toBe("code_of_github_");
    expect((await init("  ")).fields.name).toBe("vault_totp");
    expect((await init(undefined)).fields.name).toBe("vault_totp");
  });

  it.each([
    ["", key, "choose a Totem credential"],
    [nowhere, "", "choose a Totem credential"],
    ["ftp://127.0.0.1", key, "http:// or https://"],
    ["not an address", key, "http:// or https://"],
    [nowhere, "totem_key_a\nb", "a character that no key has"],
  ])("say what is wrong with a credential (%#), and never the key", async (url, withKey, words) => {
    const failed = toolNode("whoami", url, withKey).init(agentData(0), options);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow("totem_key_");
  });
});
