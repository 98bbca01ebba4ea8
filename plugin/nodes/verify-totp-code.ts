import { z } from "zod";
import { defineTool, secretMark } from "../define-node.ts";
import { toolHandle } from "../handles.ts";
import { plainText } from "../plain-text.ts";

/** Totem as the verifier: accepts each code of an agent user once. */
export const verifyTotpCode = defineTool({
  type: "verify_totp_code",
  version: 1,
  kind: "tool",
  palette: {
    label: "Verify TOTP Code",
    group: "Identity",
    icon: "shield-check",
    description: "Checks a code and uses it up.",
  },
  tool: {
    description:
      "Prove who you are: checks your one-time code. A code is accepted once; get a fresh one before the next check.",
    repeatable: true,
    hosted: true,
    mcp: { effect: "spends", agentScope: "codes:read" },
  },
  ports: {
    inputs: [],
    outputs: [
      { name: "result", type: "string", description: "JSON that says whether the code was accepted." },
    ],
  },
  handles: [toolHandle],
  config: z.object({}),
  input: z.object({
    code: z.string().max(64).meta(secretMark).describe("The code exactly as it was given to you."),
    username: plainText(300).default("").describe("Leave empty to prove yourself."),
  }),
  output: z.object({ success: z.literal(true), valid: z.literal(true), username: z.string() }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "CODE_REJECTED",
    "RATE_LIMITED",
    "FORBIDDEN",
  ],
});
