import { expect, it } from "vitest";
import { redactTokens } from "../../../server/redaction/mask.ts";
import { namedSubject } from "../../../server/redaction/named-subject.ts";
import { newBearerToken } from "../../../server/secrets/bearer-token.ts";

it("keeps usernames, and nothing a model could have put in the place of one", () => {
  const key = newBearerToken("agent");
  for (const name of ["", "agent_my-flow_agent", "agent_a_b_c", "agent_a-2_1f0e.x:y-z"])
    expect(namedSubject(name)).toBe(name);
  for (const text of [
    "483291",
    "my code is 483291",
    "code:483291",
    "agent 483291",
    "972/382",
    "４８３２９１",
    key,
    `x${key}`,
    `agent_a_${key}`,
    "administrator",
    "agent_a_b\nc",
  ]) {
    expect(namedSubject(text)).toBe("[redacted]");
  }
});

it("takes keys out of text, whatever stands beside them", () => {
  const key = newBearerToken("agent");
  for (const text of [key, `MY_${key}`, `key ${key}.`, `${key}${key}`])
    expect(redactTokens(text)).not.toContain(key.slice(12));
});
