import { describe, expect, it } from "vitest";
import { z } from "zod";
import { secretMark } from "../../../plugin/define-node.ts";
import { createAgentUser } from "../../../plugin/nodes/create-agent-user.ts";
import { getTotpCode } from "../../../plugin/nodes/get-totp-code.ts";
import { platformApi } from "../../../plugin/nodes/platform-api.ts";
import { verifyTotpCode } from "../../../plugin/nodes/verify-totp-code.ts";
import { hideSecretFields, secretValues } from "../../../server/redaction/secret-fields.ts";

const hidden = "••••••";

it.each([
  [createAgentUser.output, { success: true, api_key: "the key", username: "u" }, ["the key"]],
  [getTotpCode.output, { success: true, totp_code: "123456" }, ["123456"]],
  [verifyTotpCode.input, { code: "12 34 56", username: "u" }, ["12 34 56"]],
  [verifyTotpCode.output, { success: false, code: "CODE_REJECTED", error: "no" }, []],
])("finds what a contract marks as secret", (schema, value, secrets) => {
  expect(secretValues(schema, value)).toEqual(secrets);
});

it("finds marks in lists, in optional parts and in alternatives", () => {
  const schema = z.object({
    list: z.array(z.object({ pin: z.string().meta(secretMark) })),
    maybe: z.object({ inner: z.string().meta(secretMark) }).optional(),
    either: z.union([z.number(), z.string().meta(secretMark)]),
    open: z.string(),
  });
  const value = {
    list: [{ pin: "one" }, { pin: "two" }],
    maybe: { inner: "three" },
    either: "four",
    open: "five",
  };
  expect(secretValues(schema, value)).toEqual(["one", "two", "three", "four"]);
});

describe("where a contract says nothing of a value", () => {
  it("takes fields that are called like a secret for one", () => {
    const body = {
      totp_code: "123456",
      nested: [{ api_key: "k1" }],
      password: "p1",
      code: "CODE_REJECTED",
      name: "n",
    };
    expect(secretValues(platformApi.output, { success: true, status: 200, body })).toEqual([
      "123456",
      "k1",
      "p1",
    ]);
    expect(secretValues(platformApi.input, { method: "POST", path: "/x", body: { code: "654321" } })).toEqual(
      ["654321"],
    );
  });
});

it("hides marked fields however short they are, and leaves the rest as it is", () => {
  expect(hideSecretFields(verifyTotpCode.input, { code: "1", username: "1" })).toEqual({
    code: hidden,
    username: "1",
  });
});

it.each([undefined, null, "text", 7, []])("bears a model that sends %j for arguments", (value) => {
  expect(secretValues(verifyTotpCode.input, value)).toEqual([]);
});
