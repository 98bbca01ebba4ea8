import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProofStep } from "../../../plugin/api/identities.ts";
import { proofStep } from "../../../plugin/api/identities.ts";
import type { Clock } from "../../../server/clock.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { signInPerson } from "../../support/person-session.ts";
import { formsOfText } from "../../support/secret-forms.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

/** Stands still; what happens while somebody waits is up to the test. */
const still = fixedClock(new Date("2026-06-01T09:00:02Z"));
let whileWaiting: (signal?: AbortSignal) => Promise<void> = async () => {};
const clock: Clock = {
  now: still.now,
  sleep: async (milliseconds, signal) => {
    await whileWaiting(signal);
    await still.sleep(milliseconds, signal);
  },
};
let server: TestServer;
const answers: string[] = [];
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

let count = 0;
type Graph = ReturnType<typeof agentWorkflow>;
/** A workflow of its own whose agent has its account, and what it is called. */
async function newAgent({ enroll = true, change = (_graph: Graph) => {} } = {}) {
  const graph = agentWorkflow();
  change(graph);
  const slug = await server.addWorkflow(graph, `Chain ${++count}`);
  if (enroll) await server.call(slug, "create");
  return { slug, username: `agent_${slug}_agent`, graph };
}
const linesOf = (text: string): ProofStep[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => proofStep.parse(JSON.parse(line)));
async function prove(slug: string, agent = "agent"): Promise<ProofStep[]> {
  const { text, status } = await server.api("POST", `/workflows/${slug}/agents/${agent}/prove`);
  expect(status).toBe(200);
  answers.push(text);
  return linesOf(text);
}
const path = (steps: readonly ProofStep[]) =>
  steps.filter(({ state }) => state !== "running").map(({ hop, state }) => `${hop} ${state}`);
const change = (username: string, set: string) =>
  sql`update agent_user set ${sql.raw(set)} where username = ${username}`.execute(server.database.kysely);
const cut = (edge: string) => (graph: Graph) => {
  graph.edges = graph.edges.filter(({ id }) => id !== edge);
};
/** Something another one does in the very moment after a code of this account was handed out. */
const afterCode = async (username: string, set: string): Promise<void> => {
  const name = `after_code_${count}`;
  await sql
    .raw(`create function ${name}() returns trigger language plpgsql as $$ begin
      update agent_user set ${set} where username = '${username}'; return new; end $$`)
    .execute(server.database.kysely);
  await sql
    .raw(`create trigger ${name} after insert on audit_event for each row
      when (new.action = 'code.read' and new.result = 'ok' and new.subject_id = '${username}') execute function ${name}()`)
    .execute(server.database.kysely);
};

describe("proving the chain of an agent", () => {
  it("goes from no account to a verified code by the tools that are wired to it", async () => {
    const { slug, username } = await newAgent({ enroll: false });
    const { body, text, headers } = await server.api("POST", `/workflows/${slug}/agents/agent/prove`);
    expect(headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    const at = "2026-06-01T09:00:02.000Z";
    const wired = (tool: string) => ({ node_id: tool, edge_id: `${tool}-agent`, at });
    expect(linesOf(text)).toEqual([
      { hop: "create", state: "running", ...wired("create") },
      { hop: "create", state: "passed", ...wired("create") },
      { hop: "code", state: "running", ...wired("code") },
      { hop: "code", state: "passed", ...wired("code"), seconds_left: 28 },
      { hop: "verify", state: "running", ...wired("verify") },
      { hop: "verify", state: "passed", ...wired("verify"), seconds_left: 28 },
    ]);
    expect(body).toBe(text);
    const { audit_events } = (await server.api("GET", `/audit-events?subject=${username}`)).body;
    const told = audit_events.map((event: Record<string, unknown>) => [
      event.action,
      event.result,
      event.actor,
      event.on_behalf_of,
      event.node_id,
      event.run_id,
    ]);
    expect(told).toEqual([
      ["code.verified", "ok", "totem_admin", username, "verify", null],
      ["code.read", "ok", "totem_admin", username, "code", null],
      ["agent_user.created", "ok", "totem_admin", username, "create", null],
    ]);
  });

  it("asks no model and no other server, and leaves no run behind", async () => {
    const { slug } = await newAgent({
      change: (graph) => {
        graph.nodes = graph.nodes.map((one) =>
          one.id === "model"
            ? node("model", "ai_model", { provider: "openai", model: "m", model_key: "none" })
            : one,
        );
      },
    });
    expect(path(await prove(slug)).at(-1)).toBe("verify passed");
    expect((await server.api("GET", `/workflows/${slug}/runs`)).body.runs).toEqual([]);
    const rows = await everyRow(server.database.kysely);
    expect(rows.get("public.workflow_run")).toEqual([]);
    expect(rows.get("public.run_event")).toEqual([]);
  });

  it("waits for the next window where the code of this one was used, and says until when", async () => {
    const { slug } = await newAgent();
    expect(path(await prove(slug)).at(-1)).toBe("verify passed");
    const steps = await prove(slug);
    expect(path(steps)).toEqual(["create passed", "code waiting", "code passed", "verify passed"]);
    expect(steps.find(({ state }) => state === "waiting")?.until).toBe("2026-06-01T09:00:30.000Z");
    expect(steps.at(-1)).toMatchObject({ seconds_left: 30, at: "2026-06-01T09:00:30.000Z" });
  });

  it("takes the first of two tools of a type, in the order of the canvas", async () => {
    const { slug } = await newAgent({
      change: (graph) => {
        graph.nodes.unshift(node("earlier", "get_totp_code"));
        graph.edges.push(toolEdge("earlier"));
      },
    });
    expect((await prove(slug)).find(({ hop }) => hop === "code")).toMatchObject({
      node_id: "earlier",
      edge_id: "earlier-agent",
    });
  });

  it("is for who may run, since it shows no code, and for no agent", async () => {
    const { slug } = await newAgent();
    const { api_key } = (await server.call(slug, "create")).body;
    const at = `/workflows/${slug}/agents/agent/prove`;
    expect((await server.as(api_key)("POST", at)).body.code).toBe("FORBIDDEN");
    for (const [scopes, status] of [
      [["runs:write"], 200],
      [["codes:read"], 403],
    ] as const) {
      const { key } = (
        await server.api("POST", "/keys", { name: scopes.join(" ").replaceAll(":", " "), scopes })
      ).body;
      expect((await server.as(key)("POST", at)).status).toBe(status);
    }
    const { cookie } = await signInPerson(server);
    expect((await server.send("POST", `/api/v1${at}`, undefined, { cookie })).body.code).toBe(
      "SESSION_PROOF_NEEDED",
    );
    const other = server.as((await server.api("POST", "/workspaces", { name: "not here" })).body.key);
    expect((await other("POST", at)).body.code).toBe("WORKFLOW_NOT_FOUND");
  });
});

interface Fault {
  readonly what: string;
  readonly hop: ProofStep["hop"];
  readonly code: string;
  readonly message?: RegExp;
  readonly graph?: (graph: Graph) => void;
  readonly enroll?: false;
  readonly break?: (agent: { slug: string; username: string; graph: Graph }) => Promise<unknown>;
  readonly whileWaiting?: (agent: { slug: string; username: string; graph: Graph }) => Promise<unknown>;
}
const later = "timestamptz '2036-01-01'";
const disabled = `disabled_at = ${later}, disabled_because = 'operator'`;
const notWired = (label: string) => new RegExp(`^Connect a ${label} to this agent's Tools diamond\\.$`);
const faults: readonly Fault[] = [
  {
    what: "no Create Agent User is wired",
    hop: "create",
    code: "TOOL_NOT_WIRED",
    graph: cut("create-agent"),
    enroll: false,
    message: notWired("Create Agent User"),
  },
  {
    what: "no Get TOTP Code is wired",
    hop: "code",
    code: "TOOL_NOT_WIRED",
    graph: cut("code-agent"),
    message: notWired("Get TOTP Code"),
  },
  {
    what: "no Verify TOTP Code is wired",
    hop: "verify",
    code: "TOOL_NOT_WIRED",
    graph: cut("verify-agent"),
    message: notWired("Verify TOTP Code"),
  },
  {
    what: "the tool is wired to another agent only",
    hop: "code",
    code: "TOOL_NOT_WIRED",
    graph: (graph) => {
      cut("code-agent")(graph);
      graph.nodes.push(node("other", "agent"));
      graph.edges.push(toolEdge("code", "other"));
    },
  },
  {
    what: "the account is disabled",
    hop: "create",
    code: "AGENT_USER_DISABLED",
    break: ({ username }) => server.api("POST", `/agent-users/${username}/disable`),
  },
  {
    what: "the account is locked",
    hop: "verify",
    code: "RATE_LIMITED",
    break: ({ username }) => change(username, `locked_until = ${later}`),
  },
  {
    what: "five wrong codes were just tried",
    hop: "verify",
    code: "RATE_LIMITED",
    break: ({ username }) =>
      change(
        username,
        `recent_failures = array_fill(timestamptz '${new Date(still.now().getTime()).toISOString()}', array[5])`,
      ),
  },
  {
    what: "another place has the username",
    hop: "create",
    code: "USERNAME_CONFLICT",
    enroll: false,
    break: async ({ username }) => change((await newAgent()).username, `username = '${username}'`),
  },
  {
    what: "the sealed key is damaged",
    hop: "create",
    code: "SEALED_VALUE_UNREADABLE",
    break: ({ username }) => change(username, "sealed_api_key = sealed_secret"),
  },
  {
    what: "the sealed secret is damaged",
    hop: "code",
    code: "SEALED_VALUE_UNREADABLE",
    break: ({ username }) => change(username, "sealed_secret = sealed_api_key"),
  },
  {
    what: "a tool's configuration cannot be read",
    hop: "create",
    code: "INPUT_INVALID",
    enroll: false,
    graph: (graph) => {
      graph.nodes = graph.nodes.map((one) =>
        one.id === "create" ? node("create", "create_agent_user", { api_base_url: 5 }) : one,
      );
    },
  },
  {
    what: "the account is disabled while it waits",
    hop: "code",
    code: "AGENT_USER_DISABLED",
    whileWaiting: ({ username }) => server.api("POST", `/agent-users/${username}/disable`),
  },
  {
    what: "the agent is taken off the canvas while it waits",
    hop: "code",
    code: "AGENT_USER_DISABLED",
    whileWaiting: ({ slug }) => server.api("PUT", `/workflows/${slug}`, { version: 1, nodes: [], edges: [] }),
  },
  {
    what: "the account is disabled between code and verification",
    hop: "verify",
    code: "AGENT_USER_DISABLED",
    break: ({ username }) => afterCode(username, disabled),
  },
  {
    what: "somebody else uses the code first",
    hop: "verify",
    code: "CODE_REJECTED",
    break: ({ username }) => afterCode(username, "last_counter = new.counter"),
  },
];

describe("a chain that does not hold", () => {
  it.each(faults)("shows the $hop hop red when $what", async (fault) => {
    const agent = await newAgent({ change: fault.graph, enroll: fault.enroll });
    await fault.break?.(agent);
    if (fault.whileWaiting) {
      await change(agent.username, `last_counter = ${Math.floor(still.now().getTime() / 30_000)}`);
      whileWaiting = async () => void (await fault.whileWaiting?.(agent));
    }
    try {
      const steps = await prove(agent.slug);
      const order = ["create", "code", "verify"] as const;
      expect(steps.filter(({ state }) => state === "passed").map(({ hop }) => hop)).toEqual(
        order.slice(0, order.indexOf(fault.hop)),
      );
      expect(steps.at(-1)).toMatchObject({ hop: fault.hop, state: "failed", error: { code: fault.code } });
      expect(steps.filter(({ state }) => state === "failed")).toHaveLength(1);
      expect(steps.at(-1)?.error?.message).toMatch(fault.message ?? /^[A-Z].*\.$/);
      if (fault.code === "TOOL_NOT_WIRED")
        expect(steps.at(-1)).toMatchObject({ node_id: null, edge_id: null });
    } finally {
      whileWaiting = async () => {};
    }
  });

  it("is no chain at all where there is no such agent", async () => {
    const { slug } = await newAgent();
    for (const id of ["nobody", "code", "model"])
      expect((await server.api("POST", `/workflows/${slug}/agents/${id}/prove`)).body).toMatchObject({
        status: 404,
        code: "NODE_NOT_FOUND",
        title: "The workflow has no such agent.",
      });
  });

  it("is given up when whoever asked goes away while it waits: nothing more is done", async () => {
    const { slug, username } = await newAgent();
    await change(username, `last_counter = ${Math.floor(still.now().getTime() / 30_000)}`);
    const ended = new Promise<void>((resolve) => {
      whileWaiting = (signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => {
            reject(signal.reason);
            resolve();
          });
        });
    });
    try {
      const abort = new AbortController();
      const answer = await fetch(`${server.url}/api/v1/workflows/${slug}/agents/agent/prove`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.adminKey}` },
        signal: abort.signal,
      });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes('"waiting"')) text += (await reader?.read())?.value ?? "";
      const logged = server.log.length;
      abort.abort();
      await ended;
      const { audit_events } = (await server.api("GET", `/audit-events?subject=${username}`)).body;
      expect(audit_events.filter(({ action }: { action: string }) => action === "code.verified")).toEqual([]);
      expect(audit_events[0]).toMatchObject({ action: "code.read", result: "refused", reason: "spent" });
      expect(server.log.slice(logged)).toEqual([]);
    } finally {
      whileWaiting = async () => {};
    }
  });
});

it("E1: neither key nor code is in any answer, log line or audit row of all these proofs", async () => {
  const { slug } = await newAgent();
  const steps = await prove(slug);
  expect(path(steps).at(-1)).toBe("verify passed");
  const { api_key } = (await server.call(slug, "create")).body;
  const { totp_code } = (await server.call(slug, "code")).body;
  const rows = [...(await everyRow(server.database.kysely))].map(([, lines]) => lines.join("\n"));
  const all = [...answers, server.log.join(""), ...rows].join("\n");
  for (const form of formsOfText(api_key)) expect(all.includes(form)).toBe(false);
  expect(all).not.toMatch(new RegExp(`(?<![\\w.:-])${totp_code}(?![\\w.:-])`));
  expect(withoutRandom(answers.join("\n"))).not.toMatch(
    /totem_|api_key|totp_code|(?<![\w.:-])\d{6}(?![\w.:-])/,
  );
  expect(answers.length).toBeGreaterThan(15);
  expect(server.log.join("")).toContain("SEALED_VALUE_UNREADABLE");
});
