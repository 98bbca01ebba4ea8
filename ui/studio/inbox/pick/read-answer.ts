import type { z } from "zod";
import type { answerWaitBody, OpenedWaitBody } from "../../../../plugin/api/inbox.ts";

type Candidates = OpenedWaitBody["candidates"];

/** The value of the choice that is no candidate. */
export const byHand = "by hand";

/** What was picked, or what was typed: people copy codes with the spaces their mail has. */
export function readAnswer(
  form: FormData,
  candidates: Candidates,
): z.input<typeof answerWaitBody> | undefined {
  const picked = String(form.get("pick") ?? byHand);
  if (picked === byHand) {
    const code = String(form.get("code") ?? "").trim();
    return code === "" ? undefined : { code };
  }
  const candidate = candidates[Number(picked)];
  return candidate && { message_id: candidate.message_id, value: candidate.value };
}
