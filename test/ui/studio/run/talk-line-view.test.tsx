import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../../../plugin/error-codes.ts";
import { TalkLineView } from "../../../../ui/studio/run/TalkLineView.tsx";

const errorLine = (text: string) =>
  renderToStaticMarkup(
    <TalkLineView line={{ kind: "error", seq: 1, failure: { code: "RUN_FINISHED", text } }} />,
  );

describe("a line of the conversation", () => {
  it("says why a run failed once: in the run's words, or else in those of its code", () => {
    const general = renderToStaticMarkup(<p>{errorCodes.RUN_FINISHED.message}</p>);
    expect(errorLine("")).toContain(general);
    expect(errorLine("It ended at noon.")).toContain("<p>It ended at noon.</p>");
    expect(errorLine("It ended at noon.").match(/<p/g)).toHaveLength(1);
  });

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
