type Answer = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const secondsOf = (ms: number): string => `${Math.max(1, Math.round(ms / 1_000))} s`;

/** What the tools of an identity answered, in the words of their own work; other tools say that they answered. */
const successes: Readonly<Record<string, (answer: Answer) => string>> = {
  create_agent_user: ({ username, already_existed }) =>
    already_existed === true
      ? `account ${username} was there already, read again`
      : `account ${username} made`,
  get_totp_code: ({ expires_in }) => `code read with ${expires_in} s left`,
  verify_totp_code: () => "accepted",
  wait_for_code: ({ kind, sender_host }) =>
    `was given a ${kind === "link" ? "link" : "code"}${sender_host ? ` from ${String(sender_host)}` : ""}`,
  whoami: ({ username }) => `the agent is ${username}`,
  platform_api: ({ status }) => `the platform answered ${status}`,
};

const refusals = ["CODE_REJECTED", "FORBIDDEN", "RATE_LIMITED", "AGENT_USER_DISABLED", "ADDRESS_REFUSED"];

/** @example resultInWords("get_totp_code", true, { expires_in: 17 }, 0) // "get_totp_code: code read with 17 s left." */
export function resultInWords(tool: string, ok: boolean, result: unknown, waitedMs: number): string {
  const answer = isRecord(result) ? result : {};
  const waited = waitedMs > 0 ? `waited ${secondsOf(waitedMs)} for a fresh window, then ` : "";
  if (ok) return `${tool}: ${waited}${successes[tool]?.(answer) ?? "answered"}.`;
  const word = refusals.includes(String(answer.code)) ? "refused" : "failed";
  return `${tool}: ${waited}${word}: ${String(answer.error ?? answer.code ?? "no reason given")}`;
}
