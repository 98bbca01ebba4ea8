import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { CardStatesProvider, createCardStates } from "../../../../ui/canvas/card-states.tsx";
import { TalkLineView } from "../../../../ui/studio/chat/Talk.tsx";

const now = Date.parse("2026-01-01T12:00:00Z");
const states = createCardStates(() => now);

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
      renderToStaticMarkup(
        <CardStatesProvider states={states}>
          <TalkLineView line={line} />
        </CardStatesProvider>,
      );
    const given = { ...call, arguments: {}, result: undefined };
    expect(draw({ ...given, state: "cancelled" })).toContain("Cancelled: ");
    const wait = { until: new Date(now + 9_500).toISOString(), reason: "fresh_code" };
    expect(draw({ ...given, state: "running", wait })).toContain("Waiting for a fresh code");
  });
});
