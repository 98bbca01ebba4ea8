import { PluginError } from "../../plugin/plugin-error.ts";

const template = /\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}/g;
const wholeTemplate = /^\s*\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}\s*$/;

/**
 * Replaces `{{create_agent_user.username}}` by what that tool answered last. A string that is nothing
 * but a template keeps the type of the value. Throws SCRIPT_INVALID where the value is not there,
 * naming the place and never what was found instead.
 */
export function fillTemplates(value: unknown, results: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") {
    const [, whole] = wholeTemplate.exec(value) ?? [];
    if (whole !== undefined) return look(whole, results);
    return value.replace(template, (_, path: string) => asText(look(path, results)));
  }
  if (Array.isArray(value)) return value.map((item) => fillTemplates(item, results));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillTemplates(item, results)]),
    );
  }
  return value;
}

function look(path: string, results: ReadonlyMap<string, unknown>): unknown {
  const [tool = "", ...fields] = path.split(".");
  let found = results.get(tool);
  for (const field of fields) {
    found =
      typeof found === "object" && found !== null && Object.hasOwn(found, field)
        ? Reflect.get(found, field)
        : undefined;
  }
  if (found === undefined) {
    throw new PluginError("SCRIPT_INVALID", {
      message: `The script refers to {{${path}}}, and there is no such result. Call the tool first and check that it succeeds.`,
    });
  }
  return found;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
