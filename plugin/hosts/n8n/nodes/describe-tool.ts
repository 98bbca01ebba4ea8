import { type INodeProperties, type INodeTypeDescription, NodeConnectionTypes } from "n8n-workflow";
import { hostedTools } from "./hosted-tools.ts";

/** The description of the node of one hosted tool, for n8n. */
export function describeTool(type: HostedToolName): Omit<INodeTypeDescription, "icon" | "subtitle"> {
  const { palette } = hostedTool(type);
  return {
    displayName: palette.label,
    name: nodeName(type),
    group: ["transform"],
    version: [1, newest],
    defaultVersion: newest,
    description: palette.description,
    // The model knows a tool by the name of its node on the canvas.
    defaults: { name: palette.label },
    codex: { categories: ["AI"], alias: ["Totem", "2FA", "TOTP", "identity", "one-time code", type] },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "totemApi", required: true }],
    properties: toolParameters(type),
  };
}

/** get_totp_code is getTotpCode. */
export const nodeName = (type: string): string => type.replaceAll(/_(.)/g, (_, next) => next.toUpperCase());

interface Field {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Fields {
  readonly properties: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

export interface HostedTool {
  readonly type: string;
  readonly palette: { readonly label: string; readonly description: string };
  readonly tool_description: string;
  readonly tool_schema: Fields;
  readonly config_schema: Fields;
}

export type HostedToolName = (typeof hostedTools)[number]["type"];

export function hostedTool(type: HostedToolName): HostedTool {
  const tools: readonly HostedTool[] = hostedTools;
  return tools.find((tool) => tool.type === type) ?? hostedTools[0];
}

/** An argument and a setting may have the same name, and n8n needs different ones. */
export const argumentParameter = (name: string): string => `argument_${name}`;
export const settingParameter = (name: string): string => `setting_${name}`;

/** n8n's own mark of a parameter that the model fills. The editor shows it as such. */
const filledByModel = "/*n8n-auto-generated-fromAI-override*/";

/** What a person can set: the tool's description for the model, the arguments, and the tool's own settings. */
export function toolParameters(type: HostedToolName): INodeProperties[] {
  const { tool_description, tool_schema, config_schema } = hostedTool(type);
  return [
    {
      displayName: "Description",
      name: "toolDescription",
      type: "string",
      typeOptions: { rows: 2 },
      default: tool_description,
      description: "What the model reads about this tool",
      displayOptions: { show: { "@tool": [true] } },
    },
    ...Object.entries(tool_schema.properties).map(([name, field]) => ({
      ...shown(field, `${titleOf(name, {})} (From the Model)`),
      name: argumentParameter(name),
      type: "string" as const,
      default: fromAi(name, field, tool_schema.required?.includes(name) === true),
    })),
    ...Object.entries(config_schema.properties).flatMap(([name, field]) =>
      name === "reveal" && type !== "create_agent_user" ? revealOfVersions(field) : [setting(name, field)],
    ),
  ];
}

/** Nodes of the second version give the model a handle for a code, where nothing is chosen. */
const newest = 2;

/** n8n stores no setting that is left at its default: a node that was saved before goes on giving the code itself. */
const revealOfVersions = (field: Field): INodeProperties[] => [
  { ...setting("reveal", { ...field, default: "value" }), displayOptions: { show: { "@version": [1] } } },
  { ...setting("reveal", field), displayOptions: { show: { "@version": [newest] } } },
];

/** By default the model fills the argument, so that a person need not set it. */
function fromAi(
  name: string,
  { type, description = "", default: otherwise }: Field,
  required: boolean,
): string {
  const kind = type === "integer" ? "number" : type;
  const preset = required || otherwise === undefined ? "" : `, ${quoted(String(otherwise))}`;
  return `={{ ${filledByModel} $fromAI(${quoted(name)}, ${quoted(description)}, '${kind}'${preset}) }}`;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function setting(name: string, field: Field): INodeProperties {
  const base = { ...shown(field, titleOf(name, field)), name: settingParameter(name) };
  if (field.enum)
    return {
      ...base,
      type: "options",
      default: field.default ?? "",
      options: field.enum.map((value) => ({ name: titleOf(value, {}), value })),
    };
  if (field.type === "boolean") return { ...base, type: "boolean", default: field.default ?? false };
  if (field.type === "integer" || field.type === "number")
    return {
      ...base,
      type: "number",
      default: field.default ?? 0,
      typeOptions: { minValue: field.minimum, maxValue: field.maximum },
    };
  return { ...base, type: "string", default: field.default ?? "" };
}

const shown = ({ description }: Field, displayName: string) => ({
  displayName,
  // n8n writes descriptions of one sentence without a full stop.
  description: description && !description.includes(". ") ? description.replace(/\.$/, "") : description,
});

const titleOf = (name: string, { title }: Partial<Field>): string =>
  title ?? `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
