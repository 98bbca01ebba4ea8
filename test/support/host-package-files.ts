import { readFileSync } from "node:fs";
import { hostedTools, type ToolType } from "../../plugin/catalogue.ts";
import { describeNode } from "../../plugin/manifest.ts";
import { printLiteral } from "./print-literal.ts";

type GeneratedFile = [path: string, content: string];

const mark = (upper: string, lower: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><title>Totem</title><path d="M12 1.5 17.5 7 12 12.5 6.5 7Z" fill="${upper}"/><path d="M12 11.5 17.5 17 12 22.5 6.5 17Z" fill="${lower}"/></svg>\n`;

/** Totem's mark, on a light and on a dark ground. In other builders' palettes it marks every tool of ours. */
export const totemMark = { light: mark("#16a34a", "#6d57e8"), dark: mark("#4ade80", "#a99bff") } as const;

/** For each tool, n8n's package has a class in its own file, a row in package.json and a row in the README. */
export function n8nFiles(): GeneratedFile[] {
  const folder = "plugin/hosts/n8n";
  return [
    ...signingFiles(`${folder}/nodes`),
    [`${folder}/package.json`, n8nPackage(`${folder}/package.json`)],
    [`${folder}/README.md`, n8nReadme(`${folder}/README.md`)],
    [`${folder}/icons/totem.svg`, totemMark.light],
    [`${folder}/icons/totem.dark.svg`, totemMark.dark],
    // Beside the nodes, in a folder that is an ES module here and CommonJS once it is built.
    [`${folder}/nodes/hosted-tools.ts`, toolsModule()],
    ...hostedTools.map(({ type }): GeneratedFile => {
      const name = n8nClass(type);
      return [`${folder}/nodes/${name}/${name}.node.ts`, n8nNode(name, type)];
    }),
  ];
}

/** Flowise's package generates its node files from this one when it is packed. */
export const flowiseFiles = (): GeneratedFile[] => [
  ...signingFiles("plugin/hosts/flowise"),
  ["plugin/hosts/flowise/totem.svg", totemMark.light],
  ["plugin/hosts/flowise/hosted-tools.ts", toolsModule()],
];

/** How a host has a key pair and signs with it. Written once; each package has a copy, as it depends on nothing. */
const signingFiles = (folder: string): GeneratedFile[] =>
  ["sign-request.ts", "enrolled-calls.ts", "key-pair/key-pair.ts"].map((path) => [
    `${folder}/${path.replace(/^.*\//, "")}`,
    `// Copied from plugin/hosts/${path} by \`npm run manifest\`.\n${readFileSync(`plugin/hosts/${path}`, "utf8").replaceAll('"../', '"./')}`,
  ]);

/** What the package for a host must know of its tools. Each package has a copy, because they are published separately. */
function toolsModule(): string {
  const tools = hostedTools.map((contract) => {
    const { type, palette, tool_description, tool_schema } = describeNode(contract);
    return { type, palette, tool_description, tool_schema, config_schema: hostSettings(contract) };
  });
  return `// Generated from the catalogue by \`npm run manifest\`.
/** The tools of the catalogue for hosts. Schemas are JSON Schema 2020-12. */
export const hostedTools = ${printLiteral(tools, 4)} as const;
`;
}

/** The longest time of a host call, including the wait of its tool. */
const longestWaitSeconds = 300;

/** A tool's settings, with the defaults and limits for a host. */
function hostSettings(contract: (typeof hostedTools)[number]) {
  const { config_schema } = describeNode(contract);
  const properties = { ...(config_schema.properties as Record<string, Record<string, unknown>>) };
  const { reveal, timeout_seconds: wait } = properties;
  // A host's model is never the scripted one, so there is nothing to choose by itself.
  if (reveal)
    properties.reveal = {
      ...reveal,
      enum: ["handle", "value"],
      default: "handle",
      description: inHosts(reveal.description),
    };
  if (wait) properties.timeout_seconds = { ...wait, maximum: longestWaitSeconds };
  return { ...config_schema, properties };
}

const inHosts = (description: unknown): string => String(description).replace(/^auto: .*?\. (?=handle:)/, "");

/** `get_totp_code` is GetTotpCode in n8n. */
const n8nClass = (type: string): string =>
  `_${type}`.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const n8nNode = (
  name: string,
  type: ToolType,
): string => `// Generated from the catalogue by \`npm run manifest\`.
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from "n8n-workflow";
import { describeTool } from "../describe-tool.ts";
import { runTool } from "../run-tool.ts";

export class ${name} implements INodeType {
  description: INodeTypeDescription = {
    ...describeTool("${type}"),
    icon: { light: "file:../../icons/totem.svg", dark: "file:../../icons/totem.dark.svg" },
    subtitle: "Totem",
    usableAsTool: true,
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await runTool(this, "${type}");
  }
}
`;

function n8nPackage(path: string): string {
  const content = JSON.parse(readFileSync(path, "utf8"));
  content.n8n.nodes = hostedTools
    .map(({ type }) => n8nClass(type))
    .map((name) => `dist/nodes/${name}/${name}.node.js`);
  return `${JSON.stringify(content, null, 2)}\n`;
}

function n8nReadme(path: string): string {
  const rows = [
    ["Node", "What it does"] as const,
    ...hostedTools.map(({ palette }) => [palette.label, palette.description] as const),
  ];
  const [left, right] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = ([label, text]: readonly [string, string], fill = " ") =>
    `| ${label.padEnd(left ?? 0, fill)} | ${text.padEnd(right ?? 0, fill)} |`;
  const [head, ...nodes] = rows.map((row) => line(row));
  const table = [head, line(["", ""], "-"), ...nodes].join("\n");
  return readFileSync(path, "utf8").replace(/^\| Node [\s\S]*?\n\n/m, () => `${table}\n\n`);
}
