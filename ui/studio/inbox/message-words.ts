import { CircleCheck, CircleHelp, CircleSlash, KeyRound, Link, type LucideIcon } from "lucide-react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";

type Kind = InboxMessageBody["kind"];

/** What was found in a message, as people say it; the sign beside the words says the same. */
export const kindWords: Readonly<
  Record<Kind, { words: string; tone: "good" | "plain" | "warning"; icon: LucideIcon }>
> = {
  code: { words: "Code", tone: "good", icon: KeyRound },
  link: { words: "Link", tone: "good", icon: Link },
  none: { words: "Nothing", tone: "plain", icon: CircleSlash },
  ambiguous: { words: "Not sure", tone: "warning", icon: CircleHelp },
};

/** A message that was in doubt until a person settled it. */
export const settledWords = { words: "Settled", tone: "plain", icon: CircleCheck } as const;

/** @example confidenceWords(0.974) // "97 % sure" */
export const confidenceWords = (confidence: number): string => `${Math.floor(confidence * 100)} % sure`;

const channelWords = { email: "Email", sms: "SMS", api: "API" } as const;
export const wordsOfChannel = (channel: InboxMessageBody["channel"]): string => channelWords[channel];

/** Programs that deliver a message need not say who sent it. */
export const senderOf = ({ sender }: { readonly sender: string }): string => sender || "Sender not given";

/** Who it is for: an agent by its name, or an address of the workspace. */
export const addresseeOf = ({ agent, address }: InboxMessageBody): string => agent ?? address;

/** Who got it. Where nothing was found there is nothing to hand out, and nothing to say. */
export function takenWords({ taken, kind }: InboxMessageBody): string {
  if (taken !== null) return `Given to ${taken.name}`;
  return kind === "none" ? "" : "Not handed out yet";
}

/** How a message is named where it is talked about: its subject, or who sent it. */
export const nameOf = ({ subject, sender }: InboxMessageBody): string => {
  if (subject?.trim()) return `“${subject.trim()}”`;
  return sender === "" ? "The message" : `The message from ${sender}`;
};

/** One sentence for who cannot see it arrive. */
export const arrivalWords = ({ sender, kind }: InboxMessageBody): string =>
  `A message${sender === "" ? "" : ` from ${sender}`} arrived: ${found[kind]}.`;
const found: Readonly<Record<Kind, string>> = {
  code: "a code was found",
  link: "a link was found",
  none: "nothing was found",
  ambiguous: "it is not sure what is meant",
};

export interface AuthenticationMark {
  /** "DKIM passed" */
  readonly words: string;
  readonly tone: "good" | "plain" | "danger";
  readonly why: string;
}

/** The results of RFC 8601 that say something; all others mean "unknown". */
const results: Readonly<Record<string, Pick<AuthenticationMark, "tone"> & { word: string }>> = {
  pass: { word: "passed", tone: "good" },
  fail: { word: "failed", tone: "danger" },
  softfail: { word: "failed softly", tone: "danger" },
  permerror: { word: "failed", tone: "danger" },
};

const sources = {
  "trusted-hop": "A trusted mail server in front of this one says so.",
  here: "This server checked it when the message came in.",
  nobody: "No trusted server has checked it.",
} as const;

/** Whether the sender is who it says, in words. Messages that are not mail have nothing to check. */
export function authenticationMarks({ channel, authentication }: InboxMessageBody): AuthenticationMark[] {
  if (channel !== "email") return [];
  const why = sources[authentication?.by ?? "nobody"];
  return (["dkim", "spf"] as const).map((name) => {
    const { word, tone } = results[authentication?.[name] ?? ""] ?? { word: "unknown", tone: "plain" };
    return { words: `${name.toUpperCase()} ${word}`, tone, why };
  });
}
