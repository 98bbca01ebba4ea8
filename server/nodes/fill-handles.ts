import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import { type Handles, handlePattern } from "../handles/handles.ts";
import { hideSecrets, mapStrings } from "../redaction/hide-secrets.ts";

export interface Filled<T> {
  readonly value: T;
  /** Hides what was filled in wherever an answer repeats it. */
  readonly hide: <A>(answer: A) => A;
}

/** Whether a handle is anywhere in a value. */
export const hasHandle = (value: unknown): boolean =>
  JSON.stringify(value ?? null).search(handlePattern) >= 0;

/** Replaces every handle in a JSON value by what it stands for. Each is used up, also when what follows fails. */
export async function fillHandles<T>(
  { redeem }: Pick<Handles, "redeem">,
  caller: AgentUserCaller,
  value: T,
): Promise<Filled<T>> {
  const found = new Set(JSON.stringify(value ?? null).match(handlePattern));
  const secrets = new Map<string, string>();
  for (const handle of found) secrets.set(handle, (await redeem(caller, handle)).value);
  return {
    value: mapStrings(value, (text) =>
      text.replaceAll(handlePattern, (handle) => {
        const secret = secrets.get(handle);
        if (secret === undefined) throw new PluginError("HANDLE_REFUSED");
        return secret;
      }),
    ),
    hide: hideSecrets(secrets.values()),
  };
}
