import type { Transform } from "node:stream";
import { LruMap } from "toad-cache";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { Handles } from "../handles/handles.ts";
import { hideSecrets } from "../redaction/hide-secrets.ts";
import type { Vault } from "../vault/vault.ts";
import { hideInStream } from "./hide-stream.ts";
import { type Resolve, readNamedSecret } from "./placeholders.ts";

/**
 * Secrets are put into a request here, when it is sent, and nowhere earlier: the model, or the program, writes a handle
 * or the name of a secret, and never holds the value. What the other server repeats of it is taken out of its answers.
 */
export interface DoorParts {
  readonly vault: Pick<Vault, "releaseFields">;
  readonly handles: Pick<Handles, "redeem">;
  readonly now: () => Date;
}

export const createDoor = (parts: DoorParts) => {
  const given: Given = new LruMap(mostAgents);
  return {
    fill: <T>(filling: Filling<T>) => fillIn(parts, given, filling),
    /** To be asked for when the whole answer is there: another request may be given a value while it is open. */
    hiderFor: (caller: AgentUserCaller) => hideSecrets(valuesOf(parts, given, caller)),
    /** Takes them out of an answer as it arrives, also what is given while it does. */
    streamFor: (caller: AgentUserCaller, contentType: string): Transform =>
      hideInStream(() => valuesOf(parts, given, caller), contentType),
  };
};

export type Door = ReturnType<typeof createDoor>;

export interface Filling<T> {
  readonly caller: AgentUserCaller;
  /** Where the request goes: judged already. */
  readonly target: URL;
  /**
   * Puts values in with the function it is given. It is called twice: first to find which secrets are asked for, and
   * whether each stands in a place where one may stand; then to put them in.
   */
  readonly put: (resolve: Resolve) => T;
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  readonly onWaiting?: ((until: Date) => void) | undefined;
  readonly reason?: string | undefined;
}

async function fillIn<T>(parts: DoorParts, given: Given, filling: Filling<T>): Promise<T> {
  const { caller, put } = filling;
  const asked = new Set<string>();
  const untouched = put((placeholder) => {
    asked.add(placeholder);
    return "";
  });
  if (asked.size === 0) return untouched;
  if (asked.size > mostValues) throw tooMany();
  const values = await resolveAll(parts, filling, asked);
  remember(parts, given, { caller, values });
  return put((placeholder) => {
    const found = values.get(placeholder);
    if (found === undefined) throw new PluginError("HANDLE_REFUSED");
    return found;
  });
}

/** Named secrets first: they may have to wait for people, and a handle is good once. */
async function resolveAll(
  { vault, handles }: DoorParts,
  { caller, target, minRemaining, signal, onWaiting, reason }: Filling<unknown>,
  asked: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const entries = new Map<string, Map<string, string[]>>();
  for (const placeholder of asked) {
    const named = readNamedSecret(placeholder);
    if (named?.field === "backup_code")
      throw new PluginError("SECRET_FIELD_UNKNOWN", {
        message: "Backup codes are few and good once: they are not put into requests. Use the field code.",
      });
    if (!named) continue;
    const fields = entries.get(named.entry) ?? new Map<string, string[]>();
    entries.set(named.entry, fields.set(named.field, [...(fields.get(named.field) ?? []), placeholder]));
  }
  if (entries.size > mostEntries)
    throw new PluginError("INPUT_INVALID", {
      message: `Name at most ${mostEntries} vault entries in one request.`,
    });
  for (const [name, fields] of entries) {
    const asking = { caller, name, fields: [...fields.keys()], target };
    const opened = await vault.releaseFields({ ...asking, minRemaining, signal, onWaiting, reason });
    for (const [field, placeholders] of fields)
      for (const placeholder of placeholders) values.set(placeholder, opened.get(field) ?? "");
  }
  const rest = [...asked].filter((placeholder) => !values.has(placeholder));
  // Never as our own API, whatever the address: what an agent proves itself with does not leave through the door.
  const redeemed = await handles.redeem(caller, { handles: rest, target });
  for (const [handle, { value }] of redeemed) values.set(handle, value);
  return values;
}

const mostEntries = 10;

/** What each agent was given the use of lately: a server may repeat it in a later answer. */
type Given = LruMap<readonly GivenValue[]>;
interface GivenValue {
  readonly value: string;
  readonly until: number;
}

const mostAgents = 1_000;
const mostValues = 100;
const keptMs = 60 * 60 * 1000;
/** A code is worth nothing after its window, and any other six digits may look like it. */
const codeKeptMs = 2 * 60 * 1000;
/** Any text holds shorter ones. */
const shortest = 4;

interface Remembered {
  readonly caller: AgentUserCaller;
  /** By placeholder. */
  readonly values: ReadonlyMap<string, string>;
}

function remember({ now }: DoorParts, given: Given, { caller, values }: Remembered): void {
  const at = now().getTime();
  const fresh = new Map<string, number>();
  for (const [placeholder, value] of values)
    if (value.length >= shortest) fresh.set(value, at + (isCode(placeholder) ? codeKeptMs : keptMs));
  const known = given.get(caller.agentUserId) ?? [];
  const rest = known.filter(({ value, until }) => until > at && !fresh.has(value));
  const added = [...fresh].map(([value, until]) => ({ value, until }));
  // None is forgotten for another: a server could repeat it then.
  if (rest.length + added.length > mostValues) throw tooMany();
  given.set(caller.agentUserId, [...rest, ...added]);
}

const tooMany = (): PluginError =>
  new PluginError("RATE_LIMITED", {
    message: `One agent is given the use of at most ${mostValues} secrets in an hour. Name fewer, or wait.`,
    retryAfterSeconds: keptMs / 1000,
  });

const isCode = (placeholder: string): boolean =>
  placeholder.startsWith("totem:code:") || readNamedSecret(placeholder)?.field === "code";

function valuesOf({ now }: DoorParts, given: Given, { agentUserId }: AgentUserCaller): string[] {
  const at = now().getTime();
  return (given.get(agentUserId) ?? []).filter(({ until }) => until > at).map(({ value }) => value);
}
