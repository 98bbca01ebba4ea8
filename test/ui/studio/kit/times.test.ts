import { expect, it } from "vitest";
import { lengthOf, relativeTime } from "../../../../ui/studio/kit/times.ts";

const now = Date.parse("2026-11-21T04:00:00Z");
const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1_000).toISOString(), now);

it("says when something was, the shorter ago the finer", () => {
  expect([ago(5), ago(65), ago(7_300), ago(90_000), ago(300_000)]).toEqual([
    "just now",
    "1 minute ago",
    "2 hours ago",
    "yesterday",
    "3 days ago",
  ]);
});

it("says how long something took", () => {
  expect([0, 340, 12_400, 65_000, 3_660_000].map(lengthOf)).toEqual([
    "0.0 s",
    "0.3 s",
    "12 s",
    "1 min 5 s",
    "1 h 1 min",
  ]);
});
