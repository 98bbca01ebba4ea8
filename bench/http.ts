import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import autocannon from "autocannon";
import { benchEnvironment, createBenchDatabase, openBenchSystem, overhearStatement } from "./bench-system.ts";
import { compareRates } from "./measure.ts";

/** The HTTP call of get_totp_code over a bare Fastify route that runs its statement: two servers, one load. */
export async function benchHttp(serverUrl: string): Promise<void> {
  const url = await createBenchDatabase(serverUrl);
  const environment = benchEnvironment(url);
  const bench = await openBenchSystem(environment);
  const { system, workflow, agent } = bench;
  const statement = await overhearStatement(() =>
    system.agentUsers.issueCode({
      caller: agent,
      requested: "",
      minRemaining: 0,
      signal: new AbortController().signal,
    }),
  );
  await system.database.close();

  const totem = await startProcess(
    [join(import.meta.dirname, "../server/cli.ts"), "start"],
    { ...environment, TOTEM_STUDIO: "off" },
    /ready at (\S+)/,
  );
  const bare = await startProcess(
    [join(import.meta.dirname, "bare-route.ts")],
    { DATABASE_URL: url, STATEMENT: JSON.stringify(statement) },
    /ready at (\S+)/,
  );
  const headers = { authorization: `Bearer ${environment.TOTEM_ADMIN_KEY}` };
  const rate = async (target: string): Promise<number> => {
    const result = await autocannon({ url: target, method: "POST", headers, connections: 10, duration: 2 });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were refusals.`);
    return result.requests.average;
  };
  await compareRates("HTTP call of get_totp_code / bare Fastify route, 10 clients", 0.7, {
    ours: () => rate(`${totem.url}/api/v1/workflows/${workflow.slug}/nodes/code/call`),
    floor: () => rate(bare.url),
  });
  await totem.stop();
  await bare.stop();
}

/** Starts one of our scripts and waits for the address that it prints. */
export async function startProcess(
  args: string[],
  environment: Record<string, string>,
  ready: RegExp,
): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, ...environment },
  });
  if (!child.stdout || child.pid === undefined) throw new Error("The process did not start.");
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    const [, url] = ready.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      pid: child.pid,
      stop: async () => {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error("The process ended before it was ready.");
}
