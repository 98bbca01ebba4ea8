import type { Answer, TestServer } from "./start-test-server.ts";

export interface HostedPlace {
  readonly host?: string;
  readonly instance?: string;
  readonly workflow?: string;
  readonly name?: string;
  readonly agent?: string;
}

/** Creates a key of scope hosts:call. It is unbound unless `bound` names its host. */
export async function hostKey(
  server: Pick<TestServer, "api">,
  name: string,
  bound: { host?: string; host_instance?: string } = {},
): Promise<string> {
  const { status, body } = await server.api("POST", "/keys", { name, scopes: ["hosts:call"], ...bound });
  if (status !== 201) throw new Error(`No key was made: ${status}`);
  return body.key;
}

/** A builder with this key, which calls tools for its agents. */
export const hostClient =
  (server: Pick<TestServer, "as">, key: string, instance = "first") =>
  (tool: string, place: HostedPlace = {}, args: object = {}, more: object = {}): Promise<Answer> =>
    server.as(key)("POST", "/host-calls", {
      host: place.host ?? "n8n",
      host_instance: place.instance ?? instance,
      workflow_id: place.workflow ?? "wf1",
      workflow_name: place.name ?? "Sales flow",
      agent_node_id: place.agent ?? "a1",
      tool,
      arguments: args,
      // Tests call with the key; a model would get a handle for it.
      ...(tool === "create_agent_user" ? { config: { reveal: "value" } } : {}),
      ...more,
    });
