import { expect, it } from "vitest";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { playHops } from "../../../server/cli/play-hops.ts";

const refuse = async () => {
  throw new PluginError("FORBIDDEN");
};

it("ends at the first hop that does not go as it must, and says which", async () => {
  const lines: string[] = [];
  const played: string[] = [];
  const hop = (name: string, play: () => Promise<unknown>, refusedWith?: string) => ({
    name,
    play: () => {
      played.push(name);
      return play();
    },
    refusedWith,
  });
  const hops = [
    hop("first", async () => {}),
    hop("theft", refuse, "FORBIDDEN"),
    hop("broken", refuse),
    hop("never", async () => {}),
  ];
  expect(await playHops(hops, (line) => lines.push(line))).toBe(1);
  expect(played).toEqual(["first", "theft", "broken"]);
  expect(lines.map((line) => line.slice(0, 4))).toEqual(["ok  ", "ok  ", "FAIL"]);
  expect(lines.at(-1)).toContain("broken (FORBIDDEN)");
});

it("fails when what must be refused is not", async () => {
  expect(await playHops([{ name: "theft", play: async () => {}, refusedWith: "FORBIDDEN" }], () => {})).toBe(
    1,
  );
});
