import { describe, expect, it } from "vitest";
import { type ErrorCode, errorCodes } from "../../plugin/error-codes.ts";
import { asPluginError, PluginError, toToolFailure } from "../../plugin/plugin-error.ts";

describe("the table of errors", () => {
  it.each(Object.entries(errorCodes))("%s has a status and a sentence", (code, { status, message }) => {
    expect(code).toMatch(/^[A-Z][A-Z_]+[A-Z]$/);
    expect(status >= 400 && status <= 599).toBe(true);
    expect(message).toMatch(/^[A-Z].*\.$/);
  });

  it("says that only passing troubles may be tried again", () => {
    const retryable = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => errorCodes[code].retryable);
    expect(retryable).toEqual([
      "CODE_REJECTED",
      "CODE_NOT_RECEIVED",
      "CODE_AMBIGUOUS",
      "RATE_LIMITED",
      "CODE_IN_USE",
      "APPROVAL_NEEDED",
      "APPROVAL_EXPIRED",
      "APPROVAL_WITHDRAWN",
      "REACH_RATE_LIMITED",
      "SIGN_IN_REFUSED",
      "SINGLE_SIGN_ON_UNREACHABLE",
      "PASSKEY_REFUSED",
      "MODEL_FAILED",
      "UPSTREAM_FAILED",
      "KEY_PROVIDER_FAILED",
      "DATABASE_UNAVAILABLE",
      "INTERNAL",
    ]);
  });

  it("takes the status of an error from the table, never from where it was thrown", () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[])
      expect(new PluginError(code).status).toBe(errorCodes[code].status);
  });
});

describe("G4: what a model is told", () => {
  it("holds nothing of an unexpected error", () => {
    const error = new Error('duplicate key value violates "agent_user_username" at /srv/totem/db.ts:5');
    expect(toToolFailure(error)).toEqual({
      success: false,
      error: errorCodes.INTERNAL.message,
      code: "INTERNAL",
      retryable: true,
    });
    expect(asPluginError(error).cause).toBe(error);
  });

  it("is nothing of a known error's cause", () => {
    const failure = toToolFailure(
      new PluginError("UPSTREAM_FAILED", { cause: new Error("10.0.0.7 refused") }),
    );
    expect(JSON.stringify(failure)).not.toContain("10.0.0.7");
  });

  it("is when to come back, and which fields were wrong", () => {
    expect(toToolFailure(new PluginError("RATE_LIMITED", { retryAfterSeconds: 7 }))).toMatchObject({
      retryable: true,
      retry_after_seconds: 7,
    });
    const fields = [{ field: "code", problem: "Too long." }];
    expect(toToolFailure(new PluginError("INPUT_INVALID", { fields }))).toMatchObject({
      details: { fields },
    });
  });
});
