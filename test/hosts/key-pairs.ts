import assert from "node:assert/strict";
import { statSync } from "node:fs";
import type { HostInstallation, HostKeyPair } from "../../plugin/api/host-calls.ts";
import type { TotemForHosts } from "./totem-for-hosts.ts";

/** What a person does with key pairs in Totem, and what a thief does with a copied key. */
export function keyPairsOf(totem: TotemForHosts, host: string) {
  const installation = async (): Promise<HostInstallation> => {
    const { installations } = (await totem.api("GET", "/host-installations")) as {
      installations: HostInstallation[];
    };
    const found = installations.find((one) => one.host === host && one.key_pairs.length > 0);
    assert.ok(found, `no key pair of ${host} is enrolled`);
    return found;
  };
  const pair = async (state: HostKeyPair["state"]): Promise<HostKeyPair> => {
    const found = (await installation()).key_pairs.find((one) => one.state === state);
    assert.ok(found, `no key pair is ${state}`);
    return found;
  };
  return {
    pair,
    confirm: async (): Promise<string> => {
      const { id, fingerprint } = await pair("pending");
      await totem.api("POST", `/host-key-pairs/${id}/confirm`, { fingerprint });
      return fingerprint;
    },
    removeConfirmed: async (): Promise<void> => {
      await totem.api("DELETE", `/host-key-pairs/${(await pair("confirmed")).id}`);
    },
    /** A service key of the installation in other hands, with all the ids that it needs. */
    callWithKeyAlone: async (): Promise<{ readonly status: number; readonly code: unknown }> => {
      const { host_instance } = await installation();
      const key = await totem.makeKey({ host, host_instance });
      const [workflow] = await totem.workflows();
      assert.ok(workflow);
      const answer = await fetch(`${totem.url}/api/v1/host-calls`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({
          host,
          host_instance,
          workflow_id: workflow.workflow_id,
          workflow_name: workflow.workflow_name,
          agent_node_id: workflow.identities[0]?.agent_node_id,
          tool: "create_agent_user",
        }),
      });
      const { code } = (await answer.json()) as { code?: unknown };
      return { status: answer.status, code };
    },
  };
}

/** The rights of a file that holds a private key. */
export function requirePrivate(file: string): void {
  assert.equal(statSync(file).mode & 0o777, 0o600, `${file} is readable by others`);
}
