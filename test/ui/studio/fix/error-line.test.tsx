import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { errorCodes } from "../../../../plugin/error-codes.ts";
import { ErrorLine } from "../../../../ui/studio/fix/FixLine.tsx";

const errorLine = (text: string) =>
  renderToStaticMarkup(<ErrorLine failure={{ code: "RUN_FINISHED", text }} input={undefined} />);

it("says why a run failed once: in the run's words, or else in those of its code", () => {
  const general = renderToStaticMarkup(<p>{errorCodes.RUN_FINISHED.message}</p>);
  expect(errorLine("")).toContain(general);
  expect(errorLine("It ended at noon.")).toContain("<p>It ended at noon.</p>");
  expect(errorLine("It ended at noon.").match(/<p/g)).toHaveLength(1);
});
