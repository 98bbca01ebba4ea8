import { describe, expect, it } from "vitest";
import { z } from "zod";
import { hostedTools } from "../../../plugin/catalogue.ts";
import { bindTools } from "../../../plugin/hosts/bind-tools.ts";
import { testAgent as options } from "../../support/host-agent-story.ts";

describe("the tools of one agent", () => {
  it("are the catalogue's, or those of them that are asked for", () => {
    expect(bindTools(options).map(({ name }) => name)).toEqual(hostedTools.map(({ type }) => type));
    expect(bindTools({ ...options, tools: ["whoami"] }).map(({ name }) => name)).toEqual(["whoami"]);
  });

  it("show the model the contract's fields and none of our marks", () => {
    for (const [index, { input }] of bindTools(options).entries()) {
      const shown = z.toJSONSchema(input);
      const fields: Record<string, z.ZodType> = hostedTools[index]?.input.shape ?? {};
      expect(Object.keys(shown.properties ?? {})).toEqual(Object.keys(fields));
      expect(JSON.stringify(shown)).not.toContain('"secret"');
      const required = Object.entries(fields).filter(([, field]) => !field.safeParse(undefined).success);
      expect(shown.required ?? []).toEqual(required.map(([name]) => name));
    }
  });

  it("send what the model said as arguments, and beside it what code and a person set", async () => {
    const [tool] = bindTools({
      ...options,
      tools: ["get_totp_code"],
      config: { get_totp_code: { reveal: "handle" } },
    });
    expect(await tool?.call({ host: "n8n", agent_node_id: "a2" }, undefined)).toEqual({
      host: "my-builder",
      host_instance: "workshop",
      workflow_id: "w1",
      workflow_name: "Sales flow",
      agent_node_id: "a1",
      tool: "get_totp_code",
      arguments: { host: "n8n", agent_node_id: "a2" },
      config: { reveal: "handle" },
    });
  });

  it.each([
    [{ host: "totem" }, "host"],
    [{ hostInstance: "" }, "host_instance"],
    [{ agentNodeId: "no spaces here" }, "agent_node_id"],
    [{ workflowName: `totem_key_${"A".repeat(43)}` }, "workflow_name"],
    [{ config: { get_totp_code: { reveal: "s3cret-v4lue" } } }, "get_totp_code.reveal"],
    [{ tools: ["http_request" as const] }, "tools"],
  ])("are refused where code names something wrong: %o", (wrong, field) => {
    expect(() => bindTools({ ...options, ...wrong })).toThrow(field);
    expect(() => bindTools({ ...options, ...wrong })).not.toThrow(/s3cret|totem_key_/);
  });
});
