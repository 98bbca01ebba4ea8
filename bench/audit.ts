import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { administratorCaller } from "../server/access/caller.ts";
import { Sealer } from "../server/audit/chain/sealer.ts";
import { systemClock } from "../server/clock.ts";
import { getTotpCode } from "../server/nodes/get-totp-code.ts";
import type { NodeParts } from "../server/nodes/node-parts.ts";
import { studioHost } from "../server/open-system.ts";
import { benchEnvironment, createBenchDatabase, openBenchSystem } from "./bench-system.ts";
import { compareRates } from "./measure.ts";

const load = { callers: 10, milliseconds: 4_000 };

/** What sealing costs get_totp_code: two databases alike, one with a sealer. All rows of a round are sealed within it. */
export async function benchAudit(serverUrl: string): Promise<void> {
  await compareSealing("PostgreSQL", [
    await createBenchDatabase(serverUrl),
    await createBenchDatabase(serverUrl),
  ]);
  await compareSealing("embedded", [undefined, undefined]);
}

async function compareSealing(title: string, urls: readonly (string | undefined)[]): Promise<void> {
  const sealed = await openSide(urls[0]);
  const plain = await openSide(urls[1]);
  await compareRates(`get_totp_code with sealing / without, ${title}`, 0.95, {
    ours: sealed.rateWithSealer,
    floor: plain.rate,
  });
  await Promise.all([sealed.close(), plain.close()]);
}

async function openSide(url: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "totem-bench-"));
  // An empty address is none: then the database is in the folder.
  const environment = { ...benchEnvironment(url ?? ""), TOTEM_DATA: folder };
  const { system, workflow, agent } = await openBenchSystem(environment);
  const parts = { agentUsers: system.agentUsers } as NodeParts;
  const call = {
    caller: administratorCaller(agent.workspaceId),
    workflow,
    host: studioHost,
    nodeId: "code",
    callerNodeId: "agent",
    minRemaining: 0,
    signal: new AbortController().signal,
    config: { reveal: "value" as const },
  };
  /** Calls for a while, and then what still belongs to them. */
  const measure = async (finish: () => Promise<void>): Promise<number> => {
    const start = performance.now();
    let calls = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() - start < load.milliseconds) {
        await getTotpCode(parts, { username: "", reason: "" }, call);
        calls++;
      }
    };
    await Promise.all(Array.from({ length: load.callers }, caller));
    await finish();
    return calls / ((performance.now() - start) / 1000);
  };
  return {
    rate: () => measure(async () => {}),
    rateWithSealer: () => {
      const sealer = new Sealer({
        db: system.database.background,
        clock: systemClock,
        keyRing: system.keyRing,
        onError: (error) => {
          throw error;
        },
      });
      sealer.start();
      return measure(() => sealer.stop());
    },
    close: async () => {
      await system.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
