import { z } from "zod/v3";
import "../../../support/host-folders.ts";
import type { InitOptions, ToolFields } from "../../../../plugin/hosts/flowise/host.ts";
import { hostedTools } from "../../../../plugin/hosts/flowise/hosted-tools.ts";
import { type HostedTool, makeToolNode } from "../../../../plugin/hosts/flowise/tool-node.ts";

/** As much of LangChain's class as Flowise uses: the arguments are checked, then the function is called. */
export class StructuredTool {
  readonly fields: ToolFields;
  constructor(fields: ToolFields) {
    this.fields = fields;
  }
  call(input: Record<string, unknown>, config?: { signal: AbortSignal }): Promise<string> {
    const schema = this.fields.schema as unknown as z.ZodType<Record<string, unknown>>;
    return this.fields.func(schema.parse(input), undefined, config);
  }
}

export const organization = "d6a503b0-5a7a-4b2c-b3cb-87be68ebfe41";

interface StoredFlow {
  readonly id: string;
  readonly name: string;
  readonly flowData: string;
}

/** The options Flowise 3.1 hands to `init`, with these flows in its database. */
export function optionsWith(flows: readonly StoredFlow[], chatflowid = flows[0]?.id): InitOptions {
  return {
    orgId: organization,
    chatflowid,
    databaseEntities: { ChatFlow: "ChatFlow", Credential: "Credential" },
    appDataSource: {
      getRepository: (entity) => ({
        findOneBy: async ({ id }) => rowOf(entity, flows, id),
      }),
    },
  };
}

const rowOf = (entity: unknown, flows: readonly StoredFlow[], id: string) => {
  const flow = entity === "ChatFlow" ? flows.find((each) => each.id === id) : undefined;
  return flow ? { ...flow } : null;
};

export const agentflow = (name = "Sales flow", id = "11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa"): StoredFlow => ({
  id,
  name,
  flowData: JSON.stringify({ nodes: [], edges: [] }),
});

/** What a tool is given in an Agentflow: the data of its agent, with the tool's settings among its inputs. */
export const agentData = (number: number, inputs: Record<string, unknown> = {}) => ({
  id: `agentAgentflow_${number}`,
  name: "agentAgentflow",
  label: `Agent ${number}`,
  category: "Agent Flows",
  credential: "credential-id",
  inputs,
});

/** What a tool is given in a chatflow: its own data. */
export const toolData = (inputs: Record<string, unknown> = {}) => ({
  id: "totemGetTotpCode_0",
  name: "totemGetTotpCode",
  label: "Totem: Get TOTP Code",
  category: "Tools",
  credential: "credential-id",
  inputs,
});

/** A chatflow whose tool is wired to these nodes. */
export function chatflow(targets: readonly { id: string; name?: string; category?: string }[]): StoredFlow {
  const wired = targets.map(({ id, name = "toolAgent", category = "Agents" }) => ({
    id,
    data: { id, name, category, label: `Label of ${id}` },
  }));
  return {
    id: "22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
    name: "Support",
    flowData: JSON.stringify({
      nodes: [{ id: "totemGetTotpCode_0", data: toolData() }, ...wired],
      edges: wired.map(({ id }) => ({ source: "totemGetTotpCode_0", target: id })),
    }),
  };
}

/** A tool's node, as Flowise would make it, with a credential for this address and key. */
export function toolNode(type: string, totemUrl: string, totemKey: string) {
  const tool: HostedTool | undefined = hostedTools.find((each) => each.type === type);
  if (!tool) throw new Error(`There is no tool ${type}.`);
  const host = {
    DynamicStructuredTool: StructuredTool,
    z: z as never,
    getCredentialData: async () => ({ totemUrl, totemKey }),
  };
  const node = new (makeToolNode(tool, () => host))();
  return {
    node,
    init: async (...[data, options]: [Parameters<typeof node.init>[0], InitOptions]) =>
      (await node.init(data, "", options)) as StructuredTool,
  };
}
