import { describe, expect, it } from "vitest";
import type { InboxMessageBody } from "../../../../plugin/api/inbox.ts";
import { askedFor } from "../../../../ui/studio/inbox/MessageFilters.tsx";
import { sendersOf } from "../../../../ui/studio/inbox/mailboxes/MailboxDialogs.tsx";
import {
  arrivalWords,
  authenticationMarks,
  nameOf,
  takenWords,
} from "../../../../ui/studio/inbox/message-words.ts";
import { readAnswer } from "../../../../ui/studio/inbox/pick/pick-words.ts";

const message = (more: Partial<InboxMessageBody>) =>
  ({
    channel: "email",
    authentication: null,
    sender: "noreply@github.com",
    subject: "Your code",
    kind: "code",
    taken: null,
    ...more,
  }) as InboxMessageBody;

describe("a message in words", () => {
  it("says of DKIM and SPF that they passed, failed or are unknown", () => {
    const of = (authentication: InboxMessageBody["authentication"]) =>
      authenticationMarks(message({ authentication })).map(({ words }) => words);
    const by = "here" as const;
    expect(of({ dkim: "pass", spf: "fail", dmarc: null, by })).toEqual(["DKIM passed", "SPF failed"]);
    expect(of({ dkim: "permerror", spf: "softfail", dmarc: null, by })).toEqual([
      "DKIM failed",
      "SPF failed softly",
    ]);
    expect(of({ dkim: null, spf: "neutral", dmarc: null, by })).toEqual(["DKIM unknown", "SPF unknown"]);
    expect(of(null)).toEqual(["DKIM unknown", "SPF unknown"]);
    expect(authenticationMarks(message({ channel: "sms" }))).toEqual([]);
  });

  it("names it by its subject, or by its sender, and says who got it", () => {
    expect(nameOf(message({}))).toBe("“Your code”");
    expect(nameOf(message({ subject: null }))).toBe("The message from noreply@github.com");
    expect(arrivalWords(message({ kind: "ambiguous" }))).toBe(
      "A message from noreply@github.com arrived: it is not sure what is meant.",
    );
    expect(takenWords(message({}))).toBe("Not handed out yet");
    expect(takenWords(message({ kind: "none" }))).toBe("");
  });
});

describe("what a person typed", () => {
  it("is taken as an address, unless it looks like an agent's name", () => {
    expect(askedFor(" ")).toEqual({});
    expect(askedFor("Ops@Example.com")).toEqual({ address: "ops@example.com" });
    expect(askedFor("agent_flow_1")).toEqual({ agent: "agent_flow_1" });
    expect(askedFor("agent_flow_1@totem.test")).toEqual({ address: "agent_flow_1@totem.test" });
    expect(askedFor("+1 555")).toEqual({ address: "+1 555" });
  });

  it("is a list of senders, one a line or with commas, each once", () => {
    expect(sendersOf("GitHub.com\n\n a@b.c, github.com;")).toEqual(["github.com", "a@b.c"]);
  });

  it("answers a wait with the candidate that was picked, or with the code by hand", () => {
    const form = (fields: Record<string, string>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.set(name, value);
      return data;
    };
    const candidates = [{ message_id: "m1", value: "482913" }] as Parameters<typeof readAnswer>[1];
    expect(readAnswer(form({ pick: "0" }), candidates)).toEqual({ message_id: "m1", value: "482913" });
    expect(readAnswer(form({ pick: "by hand", code: " 123 " }), candidates)).toEqual({ code: "123" });
    expect(readAnswer(form({ code: "123" }), [])).toEqual({ code: "123" });
    expect(readAnswer(form({ code: "" }), [])).toBeUndefined();
    expect(readAnswer(form({ pick: "7" }), candidates)).toBeUndefined();
  });
});
