import { expect } from "vitest";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import type { ScriptStep } from "../../plugin/nodes/ai-model.ts";
import { flowEdge, modelEdge, node, placed, toolEdge } from "./build-workflow.ts";
import type { PersonSession } from "./person-session.ts";
import type { TestServer } from "./start-test-server.ts";

type AskingServer = Pick<TestServer, "api" | "addWorkflow" | "call">;

const read = { tool: "vault_totp", arguments: { name: "service", reason: "To sign in to the service." } };

/** A workflow whose agent reads a code of its vault entry "service", which asks people, once for each step. */
export function askingWorkflow(steps: ScriptStep[] = [read, { say: "Done." }]) {
  const tools = {
    create: "create_agent_user",
    store: "vault_store",
    totp: "vault_totp",
    code: "get_totp_code",
  };
  const nodes = [
    node("chat", "trigger_chat"),
    node("agent", "agent"),
    node("model", "ai_model", { provider: "scripted", steps: steps as never }),
    ...Object.entries(tools).map(([id, type]) =>
      // Tests call with the key; a model would get a handle for it.
      node(id, type, type === "create_agent_user" ? { reveal: "value" } : {}),
    ),
  ];
  return {
    nodes: placed(nodes, {
      agent: [320, 0],
      model: [0, 260],
      create: [260, 260],
      store: [520, 260],
      totp: [780, 260],
      code: [1_040, 260],
    }),
    edges: [flowEdge("chat", "agent"), modelEdge("model"), ...Object.keys(tools).map((id) => toolEdge(id))],
  };
}

export interface AskingAgent {
  readonly slug: string;
  readonly username: string;
  readonly key: string;
  readonly entryId: string;
}

/** The same, with its account, its entry, and the entry's policy. */
export async function addAskingAgent(
  server: AskingServer,
  name: string,
  { ask, steps }: { readonly ask: Partial<AskPolicy> | null; readonly steps?: ScriptStep[] },
): Promise<AskingAgent> {
  const slug = await server.addWorkflow(askingWorkflow(steps), name);
  const { body } = await server.call(slug, "create");
  const stored = await server.call(slug, "store", {
    name: "service",
    otpauth: "otpauth://totp/Service:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Service",
  });
  const entryId = stored.body.id as string;
  if (ask) {
    const set = await server.api("PUT", `/vault/entries/${entryId}/ask`, { ask });
    expect([set.status, set.body]).toEqual([200, expect.anything()]);
  }
  return { slug, username: body.username, key: body.api_key, entryId };
}

interface Event {
  readonly type: string;
  readonly node_id: string | null;
  readonly data: { readonly ok?: boolean; readonly result?: Record<string, unknown> } & Record<
    string,
    unknown
  >;
}

/** A run as its page shows it, and what its tools were answered. */
export async function runOf(server: Pick<TestServer, "api">, id: string) {
  const run = (await server.api("GET", `/runs/${id}`)).body as { status: string; events: Event[] };
  const events = (type: string) => run.events.filter((event) => event.type === type).map(({ data }) => data);
  return { status: run.status, waits: events("tool.waiting"), results: events("tool.finished") };
}

/** Starts the workflow as this person, and returns when its run waits for people. */
export async function startAsking(
  server: Pick<TestServer, "api">,
  person: Pick<PersonSession, "send">,
  slug: string,
) {
  const { body } = await person.send("POST", `/workflows/${slug}/runs`, { input: "go" });
  await expect.poll(async () => (await runOf(server, body.id)).status, { timeout: 10_000 }).toBe("waiting");
  const list = await server.api("GET", `/approvals?run_id=${body.id}`);
  return { runId: body.id as string, question: list.body.approvals[0] };
}

export async function endOf(server: Pick<TestServer, "api">, runId: string) {
  await expect
    .poll(async () => (await runOf(server, runId)).status, { timeout: 10_000 })
    .not.toMatch(/queued|running|waiting/);
  return runOf(server, runId);
}
