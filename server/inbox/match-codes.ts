import type { ReadingKind } from "../../plugin/api/inbox.ts";
import { isFromSender } from "../../plugin/sender.ts";

/** A call or a run that waits for a code in one mailbox. */
export interface OpenWait {
  readonly id: string;
  /** Who waits: "agent_user:…", "service_key:…" or "administrator:…". */
  readonly caller: string;
  /** The run that waits, where it is one. */
  readonly run_id: string | null;
  readonly address: string | null;
  readonly sender: string | null;
  readonly service: string | null;
  /** The run that a message has to be meant for, where both name one. */
  readonly for_run: string | null;
  readonly type: "code" | "link" | "any";
  readonly since: Date;
  readonly begun_at: Date;
}

export interface Found {
  readonly kind: "code" | "link";
  readonly value: string;
}

/** A message of the same mailbox. */
export interface Candidate {
  readonly id: string;
  readonly address: string;
  readonly sender: string;
  readonly sender_host: string;
  readonly run_id: string | null;
  readonly received_at: Date;
  readonly expires_at: Date;
  readonly kind: ReadingKind;
  /** Who was given its code; null: it is still free. */
  readonly taken_by: string | null;
  /** Two waits fitted it once, so only a person gives it to one of them. */
  readonly contested: boolean;
  /** Its sender was verified, and is not the one that it names. */
  readonly doubted: boolean;
  /** Opened only where it is needed. */
  readonly head: () => { readonly subject: string; readonly found: readonly Found[] };
}

export interface Matches {
  readonly answers: readonly { readonly waitId: string; readonly messageId: string; readonly found: Found }[];
  /** Waits that need a person's answer. */
  readonly ambiguous: readonly { readonly waitId: string; readonly messageId: string }[];
  /** Messages that only a person gives away from now on. */
  readonly contested: readonly string[];
}

/**
 * Which wait is given which code. The newest message that fits a wait decides; a message without a code does not
 * count. A message that fits waits of different runs, or of different callers, is given to none of them: a person
 * says whose it is, because the server could only guess. Pure, so that tests can try any number of cases.
 */
export function matchCodes(waits: readonly OpenWait[], messages: readonly Candidate[], now: Date): Matches {
  const answers: Matches["answers"][number][] = [];
  const ambiguous: Matches["ambiguous"][number][] = [];
  const contested = new Set<string>();
  const newestFirst = messages.toSorted((a, b) => b.received_at.getTime() - a.received_at.getTime());
  const taken = new Map<string, string>();
  for (const message of messages) if (message.taken_by !== null) taken.set(message.id, message.taken_by);

  for (const wait of waits.toSorted((a, b) => a.begun_at.getTime() - b.begun_at.getTime())) {
    const message = newestFirst.find(
      (each) =>
        !taken.has(each.id) &&
        each.expires_at > now &&
        fits(wait, each) &&
        !isSuperseded(wait, each, { newestFirst, taken }),
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
 * What a code would be used for. Waits of one purpose may share a mailbox, and the first one is served first. Each
 * run is a purpose, each agent is one, and all programs of the workspace together are one.
 */
const purposeOf = ({ run_id, caller }: OpenWait): string =>
  run_id ?? (caller.startsWith("agent_user:") ? caller : "workspace");

export function fits(wait: OpenWait, message: Candidate): boolean {
  if (message.kind === "none" || message.received_at < wait.since) return false;
  if (message.kind !== "ambiguous" && wait.type !== "any" && wait.type !== message.kind) return false;
  if (wait.address !== null && wait.address !== message.address) return false;
  // A message for a run goes to that run alone, and a wait for a run's messages gets no others.
  if (message.run_id !== null && message.run_id !== wait.run_id && message.run_id !== wait.for_run)
    return false;
  if (message.run_id === null && wait.for_run !== null) return false;
  if (wait.sender !== null && (message.doubted || !isFromSender(wait.sender, message))) return false;
  return wait.service === null || mentionsService(wait.service, message.sender, message.head().subject);
}

/** Whether the sender or the subject names a service. */
const mentionsService = (service: string, sender: string, subject: string): boolean => {
  const word = service.trim().toLowerCase();
  return sender.toLowerCase().includes(word) || subject.toLowerCase().includes(word);
};

/** The same sender wrote again since, and the same caller was given that code: this one is an old code. */
const isSuperseded = (
  wait: OpenWait,
  message: Candidate,
  {
    newestFirst,
    taken,
  }: { readonly newestFirst: readonly Candidate[]; readonly taken: ReadonlyMap<string, string> },
): boolean =>
  newestFirst.some(
    (newer) =>
      taken.get(newer.id) === wait.caller &&
      newer.received_at > message.received_at &&
      newer.sender_host === message.sender_host &&
      // A sender without a host is known by its name.
      (message.sender_host !== "" || newer.sender === message.sender) &&
      newer.address === message.address &&
      newer.run_id === message.run_id,
  );
