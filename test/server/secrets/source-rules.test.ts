import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The source without comments and without what stands in quotes, so that only code is judged. */
const codeOf = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
const sources = new Map(
  ["server", "plugin"].flatMap((room) =>
    globSync(`${room}/**/*.ts`).map((path): [string, string] => [path, codeOf(readFileSync(path, "utf8"))]),
  ),
);
const linesOf = (pattern: RegExp): string[] =>
  [...sources].flatMap(([path, source]) =>
    source.split("\n").flatMap((line) => (pattern.test(line) ? [`${path}: ${line.trim()}`] : [])),
  );

/** What holds a code, a key or a token in our code. */
const secretName =
  "(?:\\w+\\.)*(?:code|totp_?[cC]ode|token|bearer|cookie|api_?[kK]ey|admin_?[kK]ey|secret|link|proof\\.\\w+|\\w*[hH]ash)";
const comparison = new RegExp(
  `(?<![\\w."'])${secretName}\\s*[!=]==?(?!=)(?!\\s*(?:undefined|null|"|'|\`))|[!=]==?\\s*${secretName}\\s*(?:[);&|,?{]|$)`,
);

describe("how secrets are handled in the source", () => {
  it("looks at all of it", () => {
    expect(sources.size).toBeGreaterThan(100);
  });

  it("B1: takes no randomness but node:crypto's", () => {
    expect(linesOf(/Math\s*\.\s*random|from "(?:node:)?(?:nanoid|uuid|uid)"|pseudoRandomBytes/)).toEqual([]);
    const makers = [...sources].filter(([, source]) => /\brandomBytes\(/.test(source)).map(([path]) => path);
    expect(makers.length).toBeGreaterThan(2);
    for (const path of makers)
      expect(sources.get(path)).toMatch(/import \{[^}]*\brandomBytes\b[^}]*\} from "node:crypto"/);
  });

  it("B1, D8: makes no secret of a UUID, whose bits are partly fixed", () => {
    // Row ids and the names of processes may be UUIDs.
    const uses = linesOf(/randomUUID\(/);
    expect(uses.length).toBeGreaterThan(3);
    const ids = /\b(id|\w+Id|\w+_id|worker|from)\b\s*[:=,]|\[id, at\]|\bid: randomUUID/;
    expect(uses.filter((line) => !ids.test(line))).toEqual([]);
    expect(linesOf(/(?:key|secret|token|hash)\w*\s*[:=]\s*`?\$?\{?randomUUID/i)).toEqual([]);
  });

  it("C11: compares codes and tokens through the one timingSafeEqual", () => {
    // The hashes of the audit log are no secrets: they are in every export.
    expect(linesOf(comparison).filter((line) => !line.startsWith("server/audit/"))).toEqual([]);
  });

  it("C11: the search above finds the comparisons it is for", () => {
    for (const line of [
      "if (claim.code === expected) return;",
      "return token === stored;",
      "if (expected === code) {",
      "if (hashToken(x) === adminKeyHash) {",
      "apiKey !== row.api_key;",
      "if (a == session.token) return;",
    ])
      expect(comparison.test(line), line).toBe(true);
    for (const line of [
      "if (bearer !== undefined)",
      'error.code !== "CODE_REJECTED"',
      "issue.code === 'custom'",
    ])
      expect(comparison.test(line), line).toBe(false);
  });

  it("C11: imports crypto.timingSafeEqual in one place only, and uses ours where codes and keys are compared", () => {
    const importers = [...sources].filter(([, source]) =>
      /timingSafeEqual[^;]*from "node:crypto"|crypto\.timingSafeEqual/.test(source),
    );
    expect(importers.map(([path]) => path)).toEqual(["server/secrets/timing-safe-equal.ts"]);
    const users = [...sources].filter(([, source]) => /from "[./a-z]*timing-safe-equal\.ts"/.test(source));
    expect(users.map(([path]) => path).sort()).toEqual([
      "server/access/authenticate.ts",
      "server/access/dpop-proof.ts",
      "server/access/host-signature.ts",
      "server/access/second-step.ts",
      "server/access/session-caller.ts",
      "server/access/sign-in-link.ts",
      "server/agent-users/accept-code.ts",
      "server/inbox/sources/receive-sms.ts",
      "server/inbox/sources/receive-webhook.ts",
      "server/people/password-hash.ts",
      "server/people/single-sign-on.ts",
      "server/vault/change-entry.ts",
    ]);
  });

  it("writes nothing to the console, where it would pass the log's redaction", () => {
    expect(linesOf(/console\.(log|error|warn|info|debug)\(/)).toEqual([]);
  });
});
