import { PluginError } from "../../plugin/plugin-error.ts";

const template = /\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}/g;
const wholeTemplate = /^\s*\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}\s*$/;

/** How many characters the texts of one step may have with filled templates. */
const longestFilled = 100_000;

/**
 * Replaces `{{create_agent_user.username}}` by that tool's last answer. A string that is only a template gets the
 * value's own type. Throws SCRIPT_INVALID where the value does not exist: the error names the path and quotes no value.
 * Throws it also where the filled text is too long: results that hold earlier results could double with each step.
 */
export function fillTemplates(value: unknown, results: ReadonlyMap<string, unknown>): unknown {
  return fill(value, results, { left: longestFilled });
}

interface Budget {
  left: number;
}

function fill(value: unknown, results: ReadonlyMap<string, unknown>, budget: Budget): unknown {
  if (typeof value === "string") {
    const [, whole] = wholeTemplate.exec(value) ?? [];
    if (whole !== undefined && !isNamedSecret(whole, results)) {
      const found = look(whole, results);
      spend(budget, asText(found).length);
      return found;
    }
    let kept = value.length;
    const filled = value.replace(template, (written, path: string) => {
      if (isNamedSecret(path, results)) return written;
      const text = asText(look(path, results));
      kept -= written.length;
      spend(budget, text.length);
      return text;
    });
    // Text without a template is as long as it was written.
    if (kept < value.length) spend(budget, kept);
    return filled;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, results, budget));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, results, budget)]));
  }
  return value;
}

/** `{{vault.github.token}}` is for http_request to fill in, unless a tool of the script is called vault. */
const isNamedSecret = (path: string, results: ReadonlyMap<string, unknown>): boolean =>
  path.startsWith("vault.") && !results.has("vault");

function spend(budget: Budget, characters: number): void {
  budget.left -= characters;
  if (budget.left < 0) {
    throw new PluginError("SCRIPT_INVALID", {
      message: `The templates of one step of the script give more than ${longestFilled} characters.`,
    });
  }
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
