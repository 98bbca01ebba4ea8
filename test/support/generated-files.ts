import { type CatalogueNode, catalogue, hostedTools } from "../../plugin/catalogue.ts";
import { errorCodes } from "../../plugin/error-codes.ts";
import { buildManifest, describeNode, type ManifestNode, manifestSchema } from "../../plugin/manifest.ts";
import type { NodeCard } from "../../plugin/node-card.ts";
import { promisesPage } from "./promises-page.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated file and what is in it. The writer writes them, a test holds them against what is there. */
export function generatedFiles(version: string): Map<string, string> {
  return new Map([
    ["plugin.json", json(buildManifest(version))],
    ["plugin.schema.json", json(manifestSchema())],
    ["plugin/node-cards.ts", cardsModule()],
    // Beside the nodes, in a folder that is an ES module here and CommonJS once it is built.
    ["plugin/hosts/n8n/nodes/hosted-tools.ts", toolsModule()],
    ["plugin/hosts/flowise/hosted-tools.ts", toolsModule()],
    ["docs/promises.md", promisesPage()],
    ["docs/nodes/README.md", indexPage()],
    ...catalogue.map((node): [string, string] => [`docs/nodes/${node.type}.md`, nodePage(node)]),
  ]);
}

/** The catalogue without its schemas, so that a canvas that only draws and wires does not load a schema library. */
function cardsModule(): string {
  const cards = catalogue.map(
    ({ type, version, kind, palette, ports, handles, shows, initialConfig }: NodeCard): NodeCard => ({
      type,
      version,
      kind,
      palette,
      ports,
      handles,
      shows,
      initialConfig,
    }),
  );
  return [
    "// Made from the catalogue by `npm run manifest`.",
    'import type { NodeCard } from "./node-card.ts";',
    "",
    "/** Every node as a canvas draws it, in palette order. */",
    `export const nodeCards: readonly NodeCard[] = ${JSON.stringify(cards, null, 2)};`,
    "",
    "const byType: ReadonlyMap<string, NodeCard> = new Map(nodeCards.map((card) => [card.type, card]));",
    "",
    "/** The card of a saved node type, or undefined when this catalogue does not know it. */",
    "export const findCard = (type: string): NodeCard | undefined => byType.get(type);",
    "",
  ].join("\n");
}

/** What a host's package must know of the tools it offers. A copy in each: they are published apart. */
function toolsModule(): string {
  const tools = hostedTools.map((contract) => {
    const { type, palette, tool_description, tool_schema, config_schema } = describeNode(contract);
    return { type, palette, tool_description, tool_schema, config_schema };
  });
  return [
    "// Made from the catalogue by `npm run manifest`.",
    "/** The tools of the catalogue that are offered to hosts. Schemas are JSON Schema 2020-12. */",
    `export const hostedTools = ${JSON.stringify(tools, null, 2)} as const;`,
    "",
  ].join("\n");
}

function indexPage(): string {
  const rows = catalogue.map(
    ({ type, palette }) =>
      `| [${palette.label}](${type}.md) | \`${type}\` | ${palette.group} | ${palette.description} |`,
  );
  return `# Nodes\n\nMade from the catalogue by \`npm run manifest\`.\n\n| Node | Component type | Group | What it does |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

function nodePage(contract: CatalogueNode): string {
  const node = describeNode(contract);
  return [
    `# ${node.palette.label}`,
    node.palette.description,
    `**Component type:** \`${node.type}\` · **version** ${node.version} · **group** ${node.palette.group}`,
    section(
      "Handles",
      table(["Handle", "Direction", "Where", "Shape", "Edge label", "Required"], node.handles.map(handleRow)),
    ),
    section("Inputs", table(["Port", "Type", "What it carries"], node.ports.inputs.map(portRow))),
    section("Outputs", table(["Port", "Type", "What it carries"], node.ports.outputs.map(portRow))),
    section("Configuration", fields(node.config_schema) || "Nothing to set."),
    node.tool_schema ? section("What the model may send", fields(node.tool_schema) || "Nothing.") : "",
    node.output_schema ? section("What it answers", fields(node.output_schema)) : "",
    section("Errors", table(["Code", "Status", "Message"], node.errors.map(errorRow))),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const section = (title: string, body: string): string => (body === "" ? "" : `## ${title}\n\n${body}`);

const table = (head: string[], rows: string[][]): string =>
  rows.length === 0
    ? ""
    : [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const handleRow = (handle: ManifestNode["handles"][number]): string[] => [
  `\`${handle.id}\``,
  handle.type,
  handle.side,
  handle.shape,
  handle.edgeLabel === "" ? "none" : `\`${handle.edgeLabel}\``,
  handle.required ? "yes" : "no",
];
const portRow = (port: { name: string; type: string; description: string }): string[] => [
  `\`${port.name}\``,
  port.type,
  port.description,
];
const errorRow = (code: string): string[] => {
  const { status, message } = errorCodes[code as keyof typeof errorCodes];
  return [`\`${code}\``, String(status), message];
};

/** The properties of a JSON Schema object, one line each. */
function fields(schema: Record<string, unknown>): string {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>);
  return table(
    ["Field", "Type", "Default", "Meaning"],
    properties.map(([name, property]) => [
      `\`${name}\``,
      typeOf(property),
      property.default === undefined ? "" : `\`${JSON.stringify(property.default)}\``,
      [property.title, property.description, property.secret ? "Secret: masked wherever it is shown." : ""]
        .filter(Boolean)
        .join(". ")
        .replaceAll("..", "."),
    ]),
  );
}

const typeOf = (property: Record<string, unknown>): string =>
  Array.isArray(property.enum)
    ? property.enum.map((value) => `\`${value}\``).join(", ")
    : "const" in property
      ? `\`${JSON.stringify(property.const)}\``
      : String(property.type ?? "any");
