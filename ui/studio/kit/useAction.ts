import { useState } from "react";
import { messageOf } from "../api/request.ts";

/** One thing that a form or a button does: whether it is under way, and what went wrong, as a sentence. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  /** Whether it worked. */
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setProblem(undefined);
    try {
      await action();
      return true;
    } catch (error) {
      setProblem(messageOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, setProblem, run };
}
