import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What opens no connection, of Node's modules that can open one. */
const harmless =
  /^(isIP|isIPv4|isIPv6|BlockList|SocketAddress|createServer|Server|AddressInfo|STATUS_CODES)$/;
const nodeModules = "(?:node:)?(?:net|tls|http|https|http2|dgram|dns)(?:/promises)?";
/** Libraries that open connections by themselves. */
const libraries =
  "undici|imapflow|openid-client|nodemailer|ws|ioredis|axios|got|node-fetch|@ai-sdk/[a-z-]+|@opentelemetry/[a-z-]+";
const imports = new RegExp(
  `import\\s+(type\\s+)?([^;"']*?)\\s*from\\s*["'](${nodeModules}|${libraries})["']`,
  "g",
);
const dynamic = new RegExp(
  `(?:\\bimport\\(|\\brequire\\(|getBuiltinModule\\()\\s*["'](${nodeModules}|${libraries})["']`,
  "g",
);

/** Every way in which this source can open a connection. */
function waysOut(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
  const ways: string[] = [];
  for (const [, type, names = "", from = ""] of code.matchAll(imports)) {
    if (type) continue;
    const values = names
      .replace(/[{}]/g, "")
      .split(",")
      .map((name) => name.trim().replace(/\s+as\s.*$/, ""))
      .filter((name) => name !== "" && !name.startsWith("type ") && !harmless.test(name));
    if (names.includes("*") || !names.includes("{")) ways.push(from);
    else ways.push(...values.map((name) => `${from} ${name}`));
  }
  for (const [, from = ""] of code.matchAll(dynamic)) ways.push(from);
  const hasOwnFetch = /\b(const|function|let)\s+fetch\b|\bfetch:\s*\w|[({,]\s*fetch\s*[,})]/.test(code);
  if (!hasOwnFetch && /(?<![.\w])fetch\s*\(/.test(code)) ways.push("fetch");
  if (
    /\b(globalThis|global|window|self)\s*(\.|\[["'])fetch\b(?!["']?\]?\s*;)/.test(
      code.replace(/typeof globalThis\.fetch/g, ""),
    )
  )
    ways.push("fetch");
  for (const [, name = ""] of code.matchAll(
    /\bnew\s+(WebSocket|EventSource|XMLHttpRequest|Socket|TLSSocket)\b/g,
  ))
    ways.push(name);
  return ways;
}

/** Files outside the room that have a way out, and why that is one of the operator or none at all. */
const known: Readonly<Record<string, readonly string[]>> = {
  // The database that the operator names; its driver takes a socket that has a limit of its own.
  "server/database/postgres-database.ts": ["node:net Socket", "Socket"],
  // A question to the DNS about the domain of a sender. No connection follows from its answer.
  "server/mail/start-mail.ts": ["node:dns/promises Resolver"],
  // Sends a test to the port that this very process listens on.
  "server/mail/test-mail.ts": ["node:net connect"],
  // Opens its socket with the lookup of the room, which judges every address.
  "server/mail/imap-poller.ts": ["imapflow ImapFlow"],
  // Asks by the fetch of the room.
  "server/people/single-sign-on-provider.ts": ["openid-client"],
  "server/model/language-model.ts": [
    "@ai-sdk/openai-compatible",
    "@ai-sdk/openai",
    "@ai-sdk/anthropic",
    "@ai-sdk/google",
  ],
  // The server's side of the TLS of programs. Their requests leave by the room.
  "server/proxy/authority.ts": ["node:tls createSecureContext"],
  "server/proxy/open-tunnel.ts": ["node:tls TLSSocket", "TLSSocket"],
  // Programs that a person starts beside the server. They call the server that their settings name.
  "server/cli/people.ts": ["fetch"],
  "server/cli/mcp.ts": ["fetch"],
};

describe("connections outwards", () => {
  it.each([
    ["fetch", 'await fetch("https://a.example");'],
    ["the same by its object", 'await globalThis.fetch("https://a.example");'],
    ["a socket", 'import { connect, isIP } from "node:net";'],
    ["a module by its old name", 'import net from "net";'],
    ["a whole module", 'import * as https from "node:https";'],
    ["TLS", 'import { connect } from "node:tls";'],
    ["a datagram", 'import { createSocket } from "node:dgram";'],
    ["a lookup", 'import { lookup } from "node:dns";'],
    ["a request", 'import { request } from "node:http";'],
    ["a library", 'import { Agent, request } from "undici";'],
    ["a module that is loaded later", 'const { connect } = await import("node:net");'],
    ["a library that is loaded later", 'await import("nodemailer");'],
    ["a built-in module by a function", 'process.getBuiltinModule("node:net").connect(1);'],
    ["a socket of the web", 'new WebSocket("wss://a.example");'],
    ["a stream of events", 'new EventSource("https://a.example");'],
  ])("are recognised: %s", (_what, source) => {
    expect(waysOut(source)).not.toEqual([]);
  });

  it.each([
    ["a question about an address", 'import { BlockList, isIP } from "node:net";'],
    ["a type", 'import type { Socket } from "node:net";'],
    ["a type among values", 'import { type AddressInfo, isIP } from "node:net";'],
    ["a server", 'import { createServer, type Server } from "node:http";'],
    ["a method of that name", "await queue.fetch(trx, 5);"],
    ["a fetch that was handed over", "const fetch = egress.fetchFor(purpose);\nawait fetch(url);"],
    ["a comment", "// as fetch(url) has it\n/* fetch(url) */"],
  ])("are not confused with %s", (_what, source) => {
    expect(waysOut(source)).toEqual([]);
  });

  it("H12: are opened by server/egress, and elsewhere only where a reason is written down", () => {
    const found: Record<string, string[]> = {};
    for (const path of globSync("server/**/*.ts", { cwd: root }).map((each) => each.replaceAll("\\", "/"))) {
      const ways = waysOut(readFileSync(join(root, path), "utf8"));
      if (ways.length > 0 && !path.startsWith("server/egress/")) found[path] = ways;
    }
    const beside = Object.entries(found).flatMap(([path, ways]) =>
      ways.filter((way) => !known[path]?.includes(way)).map((way) => `${path}: ${way}`),
    );
    expect(beside).toEqual([]);
    // A reason whose way out is gone goes too.
    const gone = Object.entries(known).flatMap(([path, ways]) =>
      ways.filter((way) => !found[path]?.includes(way)).map((way) => `${path}: ${way}`),
    );
    expect(gone).toEqual([]);
  });
});
