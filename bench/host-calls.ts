import { join } from "node:path";
import { benchEnvironment, createBenchDatabase, openBenchSystem } from "./bench-system.ts";
import { startProcess } from "./http.ts";
import { median, report } from "./measure.ts";

const samples = 400;
const warmUps = 100;

/** What `/host-calls` adds to the same tool's own HTTP call: one caller, both in turn. */
export async function benchHostCalls(serverUrl: string): Promise<void> {
  const environment = benchEnvironment(await createBenchDatabase(serverUrl));
  const { system, workflow } = await openBenchSystem(environment);
  await system.database.close();
  const totem = await startProcess(
    [join(import.meta.dirname, "../server/cli.ts"), "start"],
    { ...environment, TOTEM_STUDIO: "off" },
    /ready at (\S+)/,
  );
  const post = async (key: string | undefined, path: string, body: object) => {
    const answer = await fetch(`${totem.url}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
    return (await answer.json()) as { key?: string };
  };
  const admin = environment.TOTEM_ADMIN_KEY;
  const { key } = await post(admin, "/keys", { name: "bench", scopes: ["hosts:call"] });
  const place = {
    host: "n8n",
    host_instance: "bench",
    workflow_id: "bench",
    workflow_name: "Bench",
    agent_node_id: "agent",
  };
  const throughDoor = (tool: string) => post(key, "/host-calls", { ...place, tool });
  await throughDoor("create_agent_user");
  for (const [tool, node] of [
    ["get_totp_code", "code"],
    ["create_agent_user", "create"],
  ] as const)
    await compare(tool, {
      door: () => throughDoor(tool),
      own: () => post(admin, `/workflows/${workflow.slug}/nodes/${node}/call`, {}),
    });
  await totem.stop();
}

async function compare(tool: string, sides: Record<"door" | "own", () => Promise<unknown>>): Promise<void> {
  const taken: Record<keyof typeof sides, number[]> = { door: [], own: [] };
  for (let sample = -warmUps; sample < samples; sample++) {
    for (const side of sample % 2 === 0 ? (["door", "own"] as const) : (["own", "door"] as const)) {
      const start = performance.now();
      await sides[side]();
      if (sample >= 0) taken[side].push(performance.now() - start);
    }
  }
  const [door, own] = [median(taken.door), median(taken.own)];
  report(
    `${tool} for a host, over its own HTTP call`,
    `${(door - own).toFixed(2)} ms more  (${door.toFixed(2)} and ${own.toFixed(2)} ms)`,
    "5 ms or less",
    door - own <= 5,
  );
}
