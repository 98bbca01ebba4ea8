import { PluginError } from "../../plugin/plugin-error.ts";
import { type HandleOwner, type Handles, handlePattern } from "../handles/handles.ts";

/** What is shown where a secret was sent: the answer of a server that repeats it. */
const mask = "••••••";

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
  owner: HandleOwner,
  value: T,
): Promise<Filled<T>> {
  const found = new Set(JSON.stringify(value ?? null).match(handlePattern));
  const secrets = new Map<string, string>();
  for (const handle of found) secrets.set(handle, (await redeem(owner, handle)).value);
  const hidden = [...secrets.values()].toSorted((a, b) => b.length - a.length);
  return {
    value: mapStrings(value, (text) =>
      text.replaceAll(handlePattern, (handle) => {
        const secret = secrets.get(handle);
        if (secret === undefined) throw new PluginError("HANDLE_REFUSED");
        return secret;
      }),
    ),
    hide: (answer) =>
      mapStrings(answer, (text) => hidden.reduce((shown, secret) => shown.replaceAll(secret, mask), text)),
  };
}

/** The same value with every text in it, keys too, changed; a number that is a secret is one as text. */
function mapStrings<T>(value: T, change: (text: string) => string): T {
  const map = (part: unknown): unknown => {
    if (typeof part === "string") return change(part);
    if (typeof part === "number") {
      const text = String(part);
      const changed = change(text);
      return changed === text ? part : changed;
    }
    if (Array.isArray(part)) return part.map(map);
    if (typeof part === "object" && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [change(key), map(item)]));
    return part;
  };
  return map(value) as T;
}
