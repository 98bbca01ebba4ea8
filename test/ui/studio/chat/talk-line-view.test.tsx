import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { TalkLineView } from "../../../../ui/studio/chat/Talk.tsx";

describe("a line of the conversation", () => {
  it("says in words that a call was cancelled, and what one waits for", () => {
    const call = {
      kind: "tool",
      seq: 1,
      callId: "c1",
      tool: "get_totp_code",
      nodeId: "code",
      agentId: "agent",
    } as const;
    const draw = (line: Parameters<typeof TalkLineView>[0]["line"]) =>
      renderToStaticMarkup(<TalkLineView line={line} />);
    const given = { ...call, arguments: {}, result: undefined };
    expect(draw({ ...given, state: "cancelled" })).toContain("Cancelled: ");
    const wait = { until: new Date(Date.now() + 9_500).toISOString(), reason: "fresh_code" };
    expect(draw({ ...given, state: "running", wait })).toContain("Waiting for a fresh code");
  });
});
