import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearerTokenPattern } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { createLogger } from "../../server/logger.ts";
import { redactText } from "../../server/redaction/redact-errors.ts";
import { hashToken, newBearerToken } from "../../server/secrets/bearer-token.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger("trace", { write: (line: string) => void lines.push(line) }));
  return lines;
}

describe("the log", () => {
  it("G10: redacts tokens, keys and otpauth addresses in errors, in their stacks and in their causes", () => {
    const secrets = [
      newBearerToken("agent"),
      newBearerToken("key"),
      newBearerToken("session"),
      newBearerToken("link"),
      "sk-proj-abcdefghijklmnopqrstuvwx",
      "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP",
    ];
    for (const secret of secrets) {
      const cause = new Error(`inner ${secret}`, { cause: new Error(secret) });
      const [line = ""] = logged((log) =>
        log.error({ err: new Error(`outer ${secret}`, { cause }) }, "failed"),
      );
      expect(line).toContain("[redacted]");
      expect(line).not.toContain(secret);
      expect(redactText(`a ${secret} b`)).toBe("a [redacted] b");
    }
  });

  it("G2: takes only the four facts it needs of an error, so that a request hung on it stays out", () => {
    const error = Object.assign(new Error("x"), {
      request: { headers: { authorization: "Bearer hidden" } },
      url: "/hidden",
      code: "E1",
    });
    const [line = ""] = logged((log) => log.error({ err: error }, "failed"));
    expect(line).not.toContain("hidden");
    expect(Object.keys(JSON.parse(line).err).sort()).toEqual(["code", "message", "stack", "type"]);
    expect(logged((log) => log.error({ err: { token: "hidden" } }))[0]).not.toContain("hidden");
  });

  it("G9: is one line of JSON an event, whatever is in the text", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("\n", "\r", "\u2028", "\u001b[2J", '"', "}", "{", "\\", "\0", "a", "\ud800"),
    });
    fc.assert(
      fc.property(nasty, nasty, (text, name) => {
        const [line = "", ...more] = logged((log) => {
          log.info({ name, err: new PluginError("INTERNAL", { message: text }) }, text);
        });
        expect(more).toEqual([]);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        for (const character of ["\r", "\u001b", "\0"]) expect(line.includes(character)).toBe(false);
        expect(JSON.parse(line)).toMatchObject({ level: 30 });
      }),
    );
  });
});

describe("bearer tokens", () => {
  it("D8: have 256 random bits behind a prefix that leak scanners find, 10,000 without repeat", () => {
    const tokens = new Set(Array.from({ length: 10_000 }, () => newBearerToken("agent")));
    expect(tokens.size).toBe(10_000);
    for (const token of [...tokens].slice(0, 100)) {
      expect(Buffer.from(token.slice("totem_agent_".length), "base64url")).toHaveLength(32);
      expect(`api_key=${token};`).toMatch(bearerTokenPattern);
    }
  });

  it.each(["key", "agent", "session", "link", "invitation", "mcp"] as const)(
    "D8: are known by their look: %s",
    (kind) => {
      expect(newBearerToken(kind)).toMatch(bearerTokenPattern);
    },
  );

  it("D8: are looked up by a hash that does not show them", () => {
    const token = newBearerToken("key");
    expect(hashToken(token)).toBe(hashToken(token));
    expect(hashToken(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(inspect(hashToken(token))).not.toContain(token.slice(10, 20));
  });
});
