import { expect, it } from "vitest";
import { setSecondLook, takeSecondLook } from "../../../../ui/studio/api/second-look.ts";

it("asks once for all requests that need it at the same time, and again for later ones", async () => {
  const answers: ((proved: boolean) => void)[] = [];
  setSecondLook(() => new Promise((resolve) => answers.push(resolve)));
  const both = [takeSecondLook(), takeSecondLook()];
  expect(answers).toHaveLength(1);
  answers[0]?.(true);
  expect(await Promise.all(both)).toEqual([true, true]);

  const later = takeSecondLook();
  expect(answers).toHaveLength(2);
  answers[1]?.(false);
  expect(await later).toBe(false);
});
