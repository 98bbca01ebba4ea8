import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "../checks.ts";
import { keyPairsOf, requirePrivate } from "../key-pairs.ts";
import type { Step } from "../model-stand-in.ts";
import type { Workbench } from "./workbench.ts";

const script: readonly Step[] = [{ tool: /^Create_Agent_User$/ }];
const agents = [{ name: "AI Agent", id: "a1", tools: ["Create Agent User"] }];
const username = "agent_signed-flow_a1";

/** An n8n that signs: enrolled by itself, copied to another machine, and enrolled again by a person. */
export async function checkKeyPairs(
  checks: Checks,
  { n8n, totem, save, executions }: Workbench,
): Promise<void> {
  const pairs = keyPairsOf(totem, "n8n");
  const file = join(n8n.folder, ".n8n/totem-key-pair.pem");
  const flow = await save({ name: "Signed flow", agents });

  await checks.check("n8n has enrolled a key pair by itself, and keeps it private", async () => {
    assert.match(await flow.run(script), new RegExp(username));
    requirePrivate(file);
    const { fingerprint } = await pairs.pair("pending");
    const [last = ""] = await executions(flow.id);
    assert.ok(last.includes(fingerprint), "the execution does not show the fingerprint");
    return `${fingerprint}, which the execution shows too`;
  });

  await checks.check(
    "confirmed by a person, n8n signs, and a copied service key alone is refused",
    async () => {
      await pairs.confirm();
      assert.match(await flow.run(script), new RegExp(username));
      const { status, code } = await pairs.callWithKeyAlone();
      assert.deepEqual([status, code], [401, "SIGNATURE_REFUSED"]);
      return `${status} ${code}`;
    },
  );

  await checks.check("the credential's test button signs too", async () => {
    const [workflow] = await totem.workflows(flow.id);
    assert.ok(workflow);
    const apiKey = await totem.makeKey({ host: "n8n", host_instance: workflow.host_instance });
    const { status } = await n8n.rest<{ status: string }>("POST", "/credentials/test", {
      credentials: { id: "", name: "Totem", type: "totemApi", data: { url: totem.url, apiKey } },
    });
    assert.equal(status, "OK");
    return status;
  });

  await checks.check(
    "the copied credential is refused on another machine, which says what to do",
    async () => {
      // n8n with all its data, credentials and encryption key, in a folder without this machine's key pair.
      await n8n.stop();
      renameSync(file, `${file}.kept`);
      await n8n.start();
      assert.doesNotMatch(await flow.run(script), new RegExp(username));
      const [last = ""] = await executions(flow.id);
      assert.match(last, /Totem does not know this n8n yet/);
      const { fingerprint } = await pairs.pair("pending");
      assert.ok(last.includes(fingerprint), "the error does not show the fingerprint");
      requirePrivate(file);
      return `A person must confirm ${fingerprint}`;
    },
  );

  await checks.check("a lost key pair is removed by a person, who confirms the next one", async () => {
    await pairs.removeConfirmed();
    assert.doesNotMatch(await flow.run(script), new RegExp(username));
    const fingerprint = await pairs.confirm();
    assert.match(await flow.run(script), new RegExp(username));
    return `${username} by ${fingerprint}`;
  });
}
