#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { asPluginError } from "../plugin/plugin-error.ts";

// The second start finds the compiled code of the first.
enableCompileCache?.();

// Only the owner may read Totem's files: they hold keys, and also transcripts and hashes.
process.umask(0o077);

const commands: Readonly<Record<string, { readonly help: string; readonly run: () => Promise<number> }>> = {
  start: {
    help: "Serve the API and the studio, and work on runs.",
    run: async () => (await import("./cli/serve.ts")).start(),
  },
  worker: {
    help: "Work on runs, beside a server on the same DATABASE_URL.",
    run: async () => (await import("./cli/serve.ts")).work(),
  },
  migrate: {
    help: "Bring a PostgreSQL up to date, as TOTEM_MIGRATION_DATABASE_URL, and end.",
    run: async () => (await import("./cli/migrate.ts")).migrateDatabase(),
  },
  proxy: {
    help: "Proxy for agents that are programs, beside a server on the same DATABASE_URL.",
    run: async () => (await import("./cli/serve.ts")).proxy(),
  },
  mcp: {
    help: "Speak MCP over stdio for the server at TOTEM_URL, with TOTEM_KEY.",
    run: async () => (await import("./cli/mcp.ts")).speakMcp(),
  },
  people: {
    help: "List people, or print a sign-in link for one: totem people link <email>.",
    run: async () => (await import("./cli/people.ts")).people(),
  },
  audit: {
    help: "Verify the audit log: totem audit verify.",
    run: async () => (await import("./cli/audit.ts")).audit(),
  },
  inbox: {
    help: "Find the codes in messages: totem inbox extract --jsonl < messages.jsonl.",
    run: async () => (await import("./cli/inbox.ts")).inbox(),
  },
  prove: {
    help: "Play create, code, verify, replay and theft in a throw-away workspace.",
    run: async () => (await import("./cli/run-proof.ts")).prove(),
  },
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { help: { type: "boolean", short: "h" } },
  });
  const [name] = positionals;
  const command = name === undefined ? undefined : commands[name];
  // The arguments after the command belong to the command, also --help.
  if ((name === "audit" || name === "inbox" || name === "people" || name === "proxy") && command)
    return command.run();
  if (values.help === true || name === "help") {
    process.stdout.write(await help());
    return 0;
  }
  if (!command) {
    process.stderr.write(
      name === undefined ? await help() : "totem: there is no such command. See totem --help.\n",
    );
    return 2;
  }
  return command.run();
}

async function help(): Promise<string> {
  const { describeSettings } = await import("./settings.ts");
  const list = Object.entries(commands).map(([name, { help: text }]) => `  ${name.padEnd(10)}${text}`);
  return `Usage: totem <command>\n\nCommands:\n${list.join("\n")}\n\nSettings, from the environment:\n${describeSettings()}\n`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = asPluginError(error);
    process.stderr.write(`totem: ${known.message} (${known.code})\n`);
    // Shows the details of an unexpected error. It happens before any secret is read.
    if (known.code === "INTERNAL")
      process.stderr.write(`${known.cause instanceof Error ? known.cause.stack : "unknown"}\n`);
    process.exitCode = 1;
  },
);
