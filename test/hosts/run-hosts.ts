/**
 * `npm run test:hosts [n8n] [flowise]`: installs real agent builders at pinned versions (once, into a cache),
 * starts them on loopback with Totem and a model stand-in, and has their agents call Totem's tools.
 */
import { Checks, NotRun, type Say } from "./checks.ts";

export type HostChecks = (checks: Checks, say: Say) => Promise<void>;

const hosts: Readonly<Record<string, () => Promise<HostChecks>>> = {
  n8n: async () => (await import("./n8n/n8n-checks.ts")).checkN8n,
  flowise: async () => (await import("./flowise/flowise-checks.ts")).checkFlowise,
};

const say: Say = (line) => void process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in hosts));
if (unknown.length > 0) {
  say(`There is no host called ${unknown.join(", ")}. There are: ${Object.keys(hosts).join(", ")}.`);
  process.exit(2);
}

const checks = new Checks(say);
for (const [name, load] of Object.entries(hosts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  say(`\n== ${name}`);
  try {
    const run = await load();
    await run(checks, say);
  } catch (error) {
    if (error instanceof NotRun) checks.notRun(name, error.message);
    // What is outside of any check fails too, and the other host still gets its turn.
    else await checks.check(name, () => Promise.reject(error));
  }
}
say(`\n${checks.summary}`);
process.exitCode = checks.allPassed ? 0 : 1;
