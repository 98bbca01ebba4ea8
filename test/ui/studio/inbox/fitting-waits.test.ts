import { describe, expect, it } from "vitest";
import type { CodeWaitBody, InboxMessageBody } from "../../../../plugin/api/inbox.ts";
import { fittingWaits, waitName, waitSentence } from "../../../../ui/studio/inbox/fitting-waits.ts";

const message = {
  address: "agent_a_b@totem.test",
  agent: "agent_a_b",
  sender: "noreply@mail.github.com",
  sender_host: "mail.github.com",
} as InboxMessageBody;
const wait = (more: Partial<CodeWaitBody>) =>
  ({ agent: null, address: null, sender: null, state: "waiting", ...more }) as CodeWaitBody;
const fits = (more: Partial<CodeWaitBody>) => fittingWaits([wait(more)], message).length === 1;

describe("the waits a message could answer", () => {
  it("are those of its agent or its address, while they wait", () => {
    expect(fits({ agent: "agent_a_b" })).toBe(true);
    expect(fits({ address: "agent_a_b@totem.test" })).toBe(true);
    expect(fits({ agent: "agent_a_c" })).toBe(false);
    expect(fits({})).toBe(false);
    expect(fits({ agent: "agent_a_b", state: "answered" })).toBe(false);
    expect(fittingWaits([wait({})], { ...message, agent: null })).toEqual([]);
  });

  it("are those for its sender: an address, or a host and all below it", () => {
    const of = (sender: string) => fits({ agent: "agent_a_b", sender });
    expect(of("github.com")).toBe(true);
    expect(of("mail.github.com")).toBe(true);
    expect(of("NoReply@mail.github.com")).toBe(true);
    expect(of("hub.com")).toBe(false);
    expect(of("other@mail.github.com")).toBe(false);
    // The address is a part of the sender's here. The server matches whole addresses only.
    expect(of("reply@mail.github.com")).toBe(false);
    expect(of("@mail.github.com")).toBe(true);
  });

  it("are named by who waits and for whose messages", () => {
    expect(waitName(wait({ agent: "agent_a_b", sender: "github.com" }))).toBe(
      "agent_a_b, for messages from github.com",
    );
    expect(waitName(wait({ address: "ops@example.com" }))).toBe("ops@example.com");
    expect(waitSentence(wait({ sender: "github.com" }))).toBe("A program waits for a code from github.com.");
  });
});
