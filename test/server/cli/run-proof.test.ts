import { expect, it } from "vitest";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { runProof } from "../../../server/cli/run-proof.ts";

const refuse = async () => {
  throw new PluginError("FORBIDDEN");
};

it("ends at the first step that fails, and says which", async () => {
  const lines: string[] = [];
  const ran: string[] = [];
  const step = (name: string, run: () => Promise<unknown>, refusedWith?: string) => ({
    name,
    run: () => {
      ran.push(name);
      return run();
    },
    refusedWith,
  });
  const steps = [
    step("first", async () => {}),
    step("theft", refuse, "FORBIDDEN"),
    step("broken", refuse),
    step("never", async () => {}),
  ];
  expect(await runProof(steps, (line) => lines.push(line))).toBe(1);
  expect(ran).toEqual(["first", "theft", "broken"]);
  expect(lines.map((line) => line.slice(0, 4))).toEqual(["ok  ", "ok  ", "FAIL"]);
  expect(lines.at(-1)).toContain("broken (FORBIDDEN)");
});

it("fails when what must be refused is not", async () => {
  expect(await runProof([{ name: "theft", run: async () => {}, refusedWith: "FORBIDDEN" }], () => {})).toBe(
    1,
  );
});
