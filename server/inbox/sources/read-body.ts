import { PluginError } from "../../../plugin/plugin-error.ts";

const unreadable = (problem: string) =>
  new PluginError("INPUT_INVALID", { fields: [{ field: "body", problem }] });

/** The body as JSON. What is wrong with it is not repeated: it may hold a code. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw unreadable("Not readable as JSON.");
  }
}

/** A message that says nowhere to go, by a source that sends all to no address of its own. */
export const noAddress = () =>
  new PluginError("INPUT_INVALID", {
    fields: [{ field: "to", problem: "Say where the message was sent to, or give the source an address." }],
  });
