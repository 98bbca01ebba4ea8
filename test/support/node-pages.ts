import { type CatalogueNode, catalogue } from "../../plugin/catalogue.ts";
import { errorCodes } from "../../plugin/error-codes.ts";
import { describeNode, type ManifestNode } from "../../plugin/manifest.ts";

/** The pages of `docs/nodes`: a table of all nodes, and a page for each. */
export const nodePages = (): [path: string, content: string][] => [
  ["docs/nodes/README.md", indexPage()],
  ...catalogue.map((node): [string, string] => [`docs/nodes/${node.type}.md`, nodePage(node)]),
];

function indexPage(): string {
  const rows = catalogue.map(
    ({ type, palette }) =>
      `| [${palette.label}](${type}.md) | \`${type}\` | ${palette.group} | ${palette.description} |`,
  );
  return `# Nodes\n\nGenerated from the catalogue by \`npm run manifest\`.\n\n| Node | Component type | Group | What it does |\n|---|---|---|---|\n${rows.join("\n")}\n`;
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
