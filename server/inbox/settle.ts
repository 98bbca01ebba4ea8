import { isFromSender, mentionsService } from "./sender.ts";

/** Somebody who waits for a code in one mailbox. */
export interface OpenWait {
  readonly id: string;
  /** Who asks: "agent_user:…", "service_key:…" or "administrator:…". */
  readonly caller: string;
  /** The run that waits, where it is one. */
  readonly runId: string | null;
  readonly address: string | null;
  readonly sender: string | null;
  readonly service: string | null;
  /** The run a message has to be meant for, where both say so. */
  readonly forRun: string | null;
  readonly type: "code" | "link" | "any";
  readonly since: Date;
  readonly begunAt: Date;
}

export interface Found {
  readonly kind: "code" | "link";
  readonly value: string;
}

/** A message of the same mailbox. */
export interface SettledMessage {
  readonly id: string;
  readonly address: string;
  readonly sender: string;
  readonly senderHost: string;
  readonly runId: string | null;
  readonly receivedAt: Date;
  readonly expiresAt: Date;
  readonly kind: "code" | "link" | "none" | "ambiguous";
  /** Who was given its code, if anybody was. */
  readonly takenBy: string | null;
  /** Two waited for it once; only a person says whose it is. */
  readonly contested: boolean;
  /** Its sender was looked into, and it is not from whom it says. */
  readonly doubted: boolean;
  /** Opened only where it is needed. */
  readonly head: () => { readonly subject: string; readonly found: readonly Found[] };
}

export interface Settlement {
  readonly answers: readonly { readonly waitId: string; readonly messageId: string; readonly found: Found }[];
  /** Waits that a person has to help. */
  readonly ambiguous: readonly { readonly waitId: string; readonly messageId: string }[];
  /** Messages that nobody is given without a person any more. */
  readonly contested: readonly string[];
}

/**
 * Who is given which code. The newest message that fits a wait decides, and one without a code does not count.
 * A message that fits waits of different runs, or of different callers, is nobody's until a person says whose:
 * to give it to either would be a guess. Pure, so that its promises can be tried on any number of cases.
 */
export function settle(
  waits: readonly OpenWait[],
  messages: readonly SettledMessage[],
  now: Date,
): Settlement {
  const answers: Settlement["answers"][number][] = [];
  const ambiguous: Settlement["ambiguous"][number][] = [];
  const contested = new Set<string>();
  const newestFirst = messages.toSorted((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
  const taken = new Map<string, string>();
  for (const message of messages) if (message.takenBy !== null) taken.set(message.id, message.takenBy);

  for (const wait of waits.toSorted((a, b) => a.begunAt.getTime() - b.begunAt.getTime())) {
    const message = newestFirst.find(
      (each) =>
        !taken.has(each.id) &&
        each.expiresAt > now &&
        fits(wait, each) &&
        !isSuperseded(wait, each, newestFirst, taken),
    );
    if (!message) continue;
    const rivals = waits.filter((other) => purposeOf(other) !== purposeOf(wait) && fits(other, message));
    if (rivals.length > 0) contested.add(message.id);
    const { found } = message.head();
    const [only, ...more] = found.filter((each) => wait.type === "any" || each.kind === wait.type);
    const isClear = message.kind !== "ambiguous" || (wait.type !== "any" && more.length === 0);
    if (rivals.length > 0 || message.contested || !isClear || !only) {
      ambiguous.push({ waitId: wait.id, messageId: message.id });
      continue;
    }
    taken.set(message.id, wait.caller);
    answers.push({ waitId: wait.id, messageId: message.id, found: only });
  }
  return { answers, ambiguous, contested: [...contested] };
}

/**
 * What a code would be used for: waits of one purpose may share a mailbox, and who came first is served first. Each
 * run is one, each agent is one, and so are the workspace's own programs together.
 */
const purposeOf = ({ runId, caller }: OpenWait): string =>
  runId ?? (caller.startsWith("agent_user:") ? caller : "workspace");

export function fits(wait: OpenWait, message: SettledMessage): boolean {
  if (message.kind === "none" || message.receivedAt < wait.since) return false;
  if (message.kind !== "ambiguous" && wait.type !== "any" && wait.type !== message.kind) return false;
  if (wait.address !== null && wait.address !== message.address) return false;
  // What was delivered for a run is that run's alone, and who asks for a run's is given no other's.
  if (message.runId !== null && message.runId !== wait.runId && message.runId !== wait.forRun) return false;
  if (message.runId === null && wait.forRun !== null) return false;
  if (wait.sender !== null && (message.doubted || !isFromSender(wait.sender, message))) return false;
  return wait.service === null || mentionsService(wait.service, message.sender, message.head().subject);
}

/** Its sender wrote again since, and that code was handed to the same caller: this one is an old code. */
const isSuperseded = (
  wait: OpenWait,
  message: SettledMessage,
  messages: readonly SettledMessage[],
  taken: ReadonlyMap<string, string>,
): boolean =>
  messages.some(
    (newer) =>
      taken.get(newer.id) === wait.caller &&
      newer.receivedAt > message.receivedAt &&
      newer.senderHost === message.senderHost &&
      // Who has no host is known by name.
      (message.senderHost !== "" || newer.sender === message.sender) &&
      newer.address === message.address &&
      newer.runId === message.runId,
  );
