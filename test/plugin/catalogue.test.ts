import { describe, expect, it } from "vitest";
import { catalogue, findContract, isTool } from "../../plugin/catalogue.ts";
import type { NodeContract } from "../../plugin/define-node.ts";
import { errorCodes } from "../../plugin/error-codes.ts";
import { toolHandle } from "../../plugin/handles.ts";
import { describeNode } from "../../plugin/manifest.ts";

const contracts: readonly NodeContract[] = catalogue;

describe("the catalogue", () => {
  it("keeps every node type that saved workflows hold, in palette order and each once", () => {
    const saved = [
      "trigger_chat",
      "trigger_manual",
      "agent",
      "ai_model",
      "create_agent_user",
      "get_totp_code",
      "verify_totp_code",
      "whoami",
      "vault_totp",
      "vault_store",
      "wait_for_code",
      "platform_api",
      "http_request",
      "sticky_note",
    ];
    const types = contracts.map((node) => node.type);
    expect(types.filter((type) => saved.includes(type))).toEqual(saved);
    expect(new Set(types).size).toBe(types.length);
    expect(new Set(contracts.map((node) => node.palette.label)).size).toBe(contracts.length);
  });

  it.each(contracts.map((node) => [node.type, node] as const))(
    "%s says everything a host needs",
    (type, node) => {
      expect(type).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(Number.isInteger(node.version) && node.version >= 1).toBe(true);
      expect(node.palette.label.length).toBeGreaterThan(2);
      expect(node.palette.description).toMatch(/\.$/);
      if (node.kind === "note") return expect(node.handles).toEqual([]);
      expect(node.handles.length).toBeGreaterThan(0);
      expect(new Set(node.handles.map((handle) => handle.id)).size).toBe(node.handles.length);
      expect(node.ports.inputs.length + node.ports.outputs.length).toBeGreaterThan(0);
      for (const code of node.errors) expect(errorCodes).toHaveProperty(code);
      expect(findContract(type)).toBe(node);
      expect(describeNode(node).config_schema).toMatchObject({ type: "object" });
    },
  );

  it.each(contracts.filter(isTool).map((node) => [node.type, node] as const))(
    "%s is a tool: one diamond on top, words for the model, a success that is always true",
    (_type, node) => {
      expect(node.handles).toEqual([toolHandle]);
      expect(node.tool.description.length).toBeGreaterThan(20);
      expect(node.errors).toContain("AGENT_NOT_CONNECTED");
      expect(node.errors).toContain("AGENT_AMBIGUOUS");
      expect(describeNode(node).output_schema).toMatchObject({ properties: { success: { const: true } } });
    },
  );

  it("marks keys and codes as secret wherever a tool takes or gives them", () => {
    const marked = (schema: Record<string, unknown> | null) =>
      Object.entries((schema?.properties ?? {}) as Record<string, { secret?: boolean }>)
        .filter(([, property]) => property.secret)
        .map(([name]) => name);
    const none = { takes: [], gives: [] };
    const expected: Readonly<Record<string, { takes: string[]; gives: string[] }>> = {
      create_agent_user: { takes: [], gives: ["api_key"] },
      get_totp_code: { takes: [], gives: ["totp_code"] },
      verify_totp_code: { takes: ["code"], gives: [] },
      whoami: none,
      vault_totp: { takes: [], gives: ["totp_code"] },
      vault_store: { takes: ["password", "otpauth", "qr_image", "backup_codes"], gives: ["totp_code"] },
      wait_for_code: { takes: [], gives: ["verification_code", "link", "body"] },
      platform_api: none,
      http_request: none,
    };
    for (const [type, secrets] of Object.entries(expected)) {
      const { tool_schema, output_schema } = describeNode(findContract(type) ?? catalogue[0]);
      expect({ takes: marked(tool_schema), gives: marked(output_schema) }, type).toEqual(secrets);
    }
  });

  it("keeps the documented names of the two documented tools", () => {
    const shape = (type: string) => {
      const contract = findContract(type);
      if (!contract) throw new Error(`${type} is not in the catalogue`);
      const { tool_schema, output_schema, ports } = describeNode(contract);
      return [
        Object.keys(tool_schema?.properties ?? {}),
        Object.keys(output_schema?.properties ?? {}),
        ports.outputs.map((port) => port.name),
      ];
    };
    expect(shape("create_agent_user")).toEqual([
      ["purpose"],
      ["success", "username", "api_key", "api_base_url", "purpose", "already_existed"],
      ["credentials"],
    ]);
    expect(shape("get_totp_code")).toEqual([
      ["username", "reason"],
      ["success", "username", "totp_code", "expires_in", "period"],
      ["totp_code"],
    ]);
  });

  it("A3: carries codes as strings, never as numbers", () => {
    const code = findContract("get_totp_code");
    expect(code && describeNode(code).output_schema).toMatchObject({
      properties: { totp_code: { type: "string" } },
    });
  });

  it("does not know a type that was never declared", () => {
    for (const type of ["", "agents", "__proto__", "constructor", "toString"])
      expect(findContract(type)).toBeUndefined();
  });
});
