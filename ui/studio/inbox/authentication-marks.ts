import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";

export interface AuthenticationMark {
  /** "DKIM passed" */
  readonly words: string;
  readonly tone: "good" | "plain" | "danger";
  readonly why: string;
}

/** Results of RFC 8601 that say something; the others say that nobody knows. */
const results: Readonly<Record<string, Pick<AuthenticationMark, "tone"> & { word: string }>> = {
  pass: { word: "passed", tone: "good" },
  fail: { word: "failed", tone: "danger" },
  softfail: { word: "failed softly", tone: "danger" },
  permerror: { word: "failed", tone: "danger" },
};

const sources = {
  "trusted-hop": "A trusted mail server in front of this one says so.",
  here: "This server checked it when the message came in.",
  nobody: "Nobody who is trusted has checked it.",
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
