import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "../../plugin/hosts/flowise/built-package.ts";
import type { Say } from "../checks.ts";
import { installHost } from "../install-host.ts";
import { type ModelStandIn, startModelStandIn } from "../model-stand-in.ts";
import { startTotemForHosts, type TotemForHosts } from "../totem-for-hosts.ts";
import type { Supplies } from "./example-flows.ts";
import { type Flowise, prepareFlowise } from "./flowise-server.ts";

/** Everything a check needs, running. */
export interface FlowiseUnderTest {
  readonly flowise: Flowise;
  readonly totem: TotemForHosts;
  readonly model: ModelStandIn;
  readonly supplies: Supplies;
  /** The key of Totem that Flowise holds. */
  readonly key: string;
  /** Where Flowise is installed. */
  readonly home: string;
  /** Our package, as it is published. */
  readonly built: string;
  readonly register: string;
}

/** What an agent does to get an account and prove itself. */
const enrol = [
  { tool: /^create_agent_user$/, arguments: { purpose: "Sells" } },
  { tool: /^get_totp_code$/ },
  { tool: /^verify_totp_code$/, arguments: (results: readonly string[]) => ({ code: codeIn(results) }) },
];

/** The code, or the handle that stands for it. A tool that failed has answered in plain words. */
const codeIn = (results: readonly string[]): string =>
  /"totp_code":"([^"]+)"/.exec(results.join("\n"))?.[1] ?? "none";

/** Starts Totem, a model's stand-in and a Flowise with our package, runs `use` with them, and ends them. */
export async function withFlowise(say: Say, use: (all: FlowiseUnderTest) => Promise<void>): Promise<void> {
  const home = await installHost("flowise", join(import.meta.dirname, "host"), say);
  const stack = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), "totem-flowise-package-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const built = await buildPackage(join(folder, "flowise-nodes-totem"));
    const register = join(built, "register.js");
    const totem = await startTotemForHosts();
    stack.defer(totem.remove);
    const model = await startModelStandIn();
    stack.defer(model.stop);
    model.play(enrol);
    const flowise = await prepareFlowise(home);
    stack.defer(flowise.remove);
    await flowise.start([register]);
    const key = await totem.makeKey();
    const credential = await addCredential(flowise, totem.url, key);
    const supplies = { flowise, credential, modelUrl: model.url };
    await use({ flowise, totem, model, supplies, key, home, built, register });
  } finally {
    await stack.disposeAsync();
  }
}

export async function addCredential(flowise: Flowise, totemUrl: string, totemKey: string): Promise<string> {
  const body = { name: "Totem", credentialName: "totemApi", plainDataObj: { totemUrl, totemKey } };
  return (await flowise.api("POST", "/credentials", body)).id;
}
