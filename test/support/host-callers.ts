import { type CallTool, callOverHttp } from "../../plugin/hosts/host-calls.ts";
import { createTotem } from "../../server/create-totem.ts";
import { fixedClock } from "./fixed-clock.ts";
import { hostKey } from "./host-calls.ts";
import { openTestDatabase } from "./open-test-database.ts";
import { random } from "./seeded-random.ts";
import { startTestServer } from "./start-test-server.ts";

/** The host in the tests of adapters. */
export const testHost = { name: "my-builder", instance: "workshop" } as const;

export interface TestCaller {
  readonly call: CallTool;
  stop(): Promise<void>;
}

/** A real Totem, reached over HTTP with a service key. */
export async function callerOverHttp(): Promise<TestCaller> {
  const server = await startTestServer({ clock: fixedClock() });
  const key = await hostKey(server, "my builder");
  return { call: callOverHttp({ url: server.url, key }), stop: () => server.stop() };
}

/** A real Totem in this process. */
export async function embeddedCaller(): Promise<TestCaller> {
  const totem = await createTotem({
    database: await openTestDatabase(),
    masterKey: random.bytes(32).toString("base64"),
    host: testHost,
    clock: fixedClock(),
  });
  return { call: totem.hostCall, stop: () => totem.close() };
}

export const callers = [
  ["over HTTP", callerOverHttp],
  ["embedded", embeddedCaller],
] as const;
