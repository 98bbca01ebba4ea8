import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { hostCallBody } from "../../plugin/api/host-calls.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { systemClock } from "../../server/clock.ts";
import { createTotem, type Totem, type TotemOptions } from "../../server/create-totem.ts";
import { createLogger } from "../../server/logger.ts";
import { agentWorkflow } from "../support/build-workflow.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { hostKey } from "../support/host-calls.ts";
import { openTestDatabase, type TestDatabase } from "../support/open-test-database.ts";
import { refusalOf } from "../support/open-test-rooms.ts";
import { graphOf, type OtherCanvas, salesCanvas } from "../support/other-canvas.ts";
import { random } from "../support/seeded-random.ts";
import { type Answer, clientOf } from "../support/start-test-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const newKey = (): string => random.bytes(32).toString("base64");
const masterKey = newKey();
const host = { name: "my-builder", instance: "workshop" };

/** The same database for several of them: none may close it. */
async function sharedDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  return { ...database, close: async () => {} };
}

async function embed(options: Partial<TotemOptions> = {}): Promise<Totem> {
  const database = options.database ?? (await sharedDatabase());
  const totem = await createTotem({ masterKey, host, clock: fixedClock(), ...options, database });
  onTestFinished(() => totem.close());
  return totem;
}

describe("a builder that embeds Totem", () => {
  let canvases: Map<string, OtherCanvas>;
  beforeEach(() => {
    canvases = new Map([["w1", salesCanvas()]]);
  });
  const as =
    (totem: Totem, workflowId: string, callerNodeId?: string) =>
    (toolNodeId: string, args = {}) =>
      totem.call({ workflowId, toolNodeId, callerNodeId, arguments: args });

  it("D4: calls its tools for the agent that its own wires and its runner name", async () => {
    const totem = await embed({ graph: graphOf(canvases) });
    const seller = as(totem, "w1", "seller");
    const helper = as(totem, "w1", "helper");
    expect(await seller("account")).toMatchObject({ success: true, username: "agent_sales-flow_seller" });
    expect(await helper("account")).toMatchObject({ username: "agent_sales-flow_helper" });
    const code = await seller("code");
    expect(code).toMatchObject({ success: true, username: "agent_sales-flow_seller" });
    expect(await helper("check", { code: code.totp_code })).toMatchObject({ code: "CODE_REJECTED" });
    expect(await seller("check", { code: code.totp_code })).toMatchObject({ success: true, valid: true });
  });

  it("takes a graph as our React Flow nodes save it, and without a name is the only host of its database", async () => {
    const { nodes, edges } = agentWorkflow();
    const totem = await embed({
      host: undefined,
      graph: {
        getWorkflow: () => ({ name: "Drawn", nodes, edges: edges.filter(({ source }) => source !== "code") }),
      },
    });
    expect(await as(totem, "w9")("create")).toMatchObject({ username: "agent_drawn_agent" });
    expect(await as(totem, "w9")("code")).toMatchObject({ success: false, code: "AGENT_NOT_CONNECTED" });
    expect(await totem.workflows()).toMatchObject([{ host: "embedded", host_instance: "default" }]);
  });

  it("takes what a person set on the node, and names the only agent without a runner", async () => {
    const totem = await embed({ graph: graphOf(canvases) });
    expect(await as(totem, "w1")("own")).toMatchObject({
      username: "agent_sales-flow_loner",
      api_key: expect.stringMatching(/^totem:key:/),
    });
  });

  it("D3: is refused where no wire, another agent's wire, or several wires lead to the tool", async () => {
    const totem = await embed({ graph: graphOf(canvases) });
    expect(await as(totem, "w1")("loose")).toMatchObject({ success: false, code: "AGENT_NOT_CONNECTED" });
    expect(await as(totem, "w1", "seller")("loose")).toMatchObject({ code: "AGENT_NOT_CONNECTED" });
    expect(await as(totem, "w1", "loner")("account")).toMatchObject({ code: "AGENT_NOT_CONNECTED" });
    expect(await as(totem, "w1", "clock")("account")).toMatchObject({ code: "AGENT_NOT_CONNECTED" });
    expect(await as(totem, "w1")("account")).toMatchObject({ code: "AGENT_AMBIGUOUS" });
    expect(await as(totem, "w1")("other")).toMatchObject({ code: "NODE_NOT_CALLABLE" });
    expect(await as(totem, "w1")("nothing")).toMatchObject({ code: "NODE_NOT_FOUND" });
    expect(await as(totem, "w2")("account")).toMatchObject({ code: "WORKFLOW_NOT_FOUND" });
    expect(await totem.workflows()).toEqual([]);
  });

  it("D3: stops giving codes to an agent from the moment its wire is cut", async () => {
    const totem = await embed({ graph: graphOf(canvases) });
    const loner = as(totem, "w1", "loner");
    await loner("own");
    const canvas = salesCanvas();
    canvas.parts.loner = { kind: "bot", caption: "Loner", uses: [] };
    canvases.set("w1", canvas);
    expect(await loner("own")).toMatchObject({ success: false, code: "AGENT_NOT_CONNECTED" });
  });

  it("passes on what the builder's own graph throws, and says so where there is no graph", async () => {
    const broken = new Error("The canvas is locked.");
    const totem = await embed({ graph: { getWorkflow: () => Promise.reject(broken) } });
    await expect(as(totem, "w1", "seller")("account")).rejects.toBe(broken);
    expect(await refusalOf(as(await embed(), "w1")("account"))).toBe("SETTING_INVALID");
  });

  it("D6: keeps two workflows of one name apart, and each name through renames", async () => {
    canvases.set("w2", salesCanvas());
    const totem = await embed({ graph: graphOf(canvases) });
    await as(totem, "w1", "seller")("account");
    expect(await as(totem, "w2", "seller")("account")).toMatchObject({
      username: "agent_sales-flow-2_seller",
      already_existed: false,
    });
    canvases.set("w1", { ...salesCanvas(), title: "Marketing" });
    expect(await as(totem, "w1", "seller")("account")).toMatchObject({
      username: "agent_sales-flow_seller",
      already_existed: true,
    });
    expect(await totem.workflows({ workflowId: "w1" })).toMatchObject([
      { slug: "sales-flow", workflow_name: "Marketing", identities: [{ agent_node_name: "Seller" }] },
    ]);
  });

  it("D7: disables the identities of a workflow it deleted, and takes that back", async () => {
    const totem = await embed({ graph: graphOf(canvases) });
    const seller = as(totem, "w1", "seller");
    await seller("account");
    await as(totem, "w1", "helper")("account");
    expect(await totem.removeWorkflow("w1")).toBe(2);
    expect(await seller("code")).toMatchObject({ success: false, code: "AGENT_USER_DISABLED" });
    expect(await totem.restoreWorkflow("w1")).toBe(2);
    expect(await seller("code")).toMatchObject({ success: true });
    expect(await totem.removeWorkflow("never heard of")).toBe(0);
  });

  it("D10: shares no identity with another installation on the same database, and speaks for no other", async () => {
    const database = await sharedDatabase();
    const graph = graphOf(canvases);
    const one = await embed({ database, graph });
    const two = await embed({ database, graph, host: { ...host, instance: "office" } });
    await as(one, "w1", "seller")("account");
    expect(await as(two, "w1", "seller")("code")).toMatchObject({ code: "AGENT_USER_NOT_FOUND" });
    expect(await as(two, "w1", "seller")("account")).toMatchObject({ username: "agent_sales-flow-2_seller" });
    expect(await one.workflows()).toHaveLength(1);
    await two.removeWorkflow("w1");
    expect(await as(one, "w1", "seller")("code")).toMatchObject({ success: true });
    const call = {
      workflow_id: "w1",
      workflow_name: "Sales flow",
      agent_node_id: "seller",
      tool: "get_totp_code",
    };
    expect(await refusalOf(one.hostCall({ ...call, host: host.name, host_instance: "office" }))).toBe(
      "FORBIDDEN",
    );
  });

  it("H10: has its installation from its start on: a key gets it only by a person who names it", async () => {
    const adminKey = newKey();
    const totem = await embed({ adminKey, host: undefined });
    const send = clientOf((await totem.listen()).url);
    const as =
      (key: string) =>
      (method: string, path: string, body?: unknown): Promise<Answer> =>
        send(method, `/api/v1${path}`, body, { authorization: `Bearer ${key}` });
    const admin = as(adminKey);
    const place = { host: "embedded", host_instance: "default" };
    const call = {
      ...place,
      workflow_id: "w1",
      workflow_name: "Sales flow",
      agent_node_id: "a1",
      tool: "create_agent_user",
      config: { reveal: "value" },
    };
    const fresh = await hostKey({ api: admin }, "fresh");
    const refused = await as(fresh)("POST", "/host-calls", call);
    expect({ status: refused.status, title: refused.body.title }).toMatchObject({
      status: 403,
      title: expect.stringMatching(/Another key or program speaks for this installation/),
    });
    const mine = await totem.hostCall(parseInput(hostCallBody, call));
    expect((await as(fresh)("POST", "/host-calls", call)).text).not.toContain(mine.api_key);
    const [shown] = (await admin("GET", "/host-installations")).body.installations;
    expect(shown).toMatchObject({ ...place, embedded: true, keys: [] });
    const named = await hostKey({ api: admin }, "named", place);
    expect((await as(named)("POST", "/host-calls", call)).body.username).toBe(mine.username);
  });

  it("H10: claims its installation again after a person gave it up, at its next start", async () => {
    const database = await sharedDatabase();
    const adminKey = newKey();
    const actions = async () =>
      (await database.kysely.selectFrom("audit_event").select("action").orderBy("id").execute())
        .map(({ action }) => action)
        .filter((action) => action.startsWith("host_installation."));
    await embed({ database });
    const totem = await embed({ database, adminKey });
    const { url } = await totem.listen();
    const admin = (method: string, path: string, body?: unknown): Promise<Answer> =>
      clientOf(url)(method, `/api/v1${path}`, body, { authorization: `Bearer ${adminKey}` });
    const [{ id }] = (await admin("GET", "/host-installations")).body.installations;
    expect((await admin("DELETE", `/host-installations/${id}`)).status).toBe(204);
    expect((await admin("GET", "/host-installations")).body.installations).toEqual([]);
    await embed({ database });
    expect((await admin("GET", "/host-installations")).body.installations).toMatchObject([{ id }]);
    expect((await actions()).sort()).toEqual([
      "host_installation.embedded",
      "host_installation.embedded",
      "host_installation.released",
    ]);
  });

  it("writes what was done for whom, by its own name", async () => {
    const database = await sharedDatabase();
    const totem = await embed({ database, graph: graphOf(canvases) });
    await as(totem, "w1", "seller")("account");
    const events = await database.kysely.selectFrom("audit_event").select(["action", "actor_id"]).execute();
    expect(events).toContainEqual({ action: "agent_user.created", actor_id: "my-builder/workshop" });
  });
});

describe("embedding", () => {
  it("opens a database by its address or folder, and leaves no key beside it", async () => {
    const folder = join(temporaryFolder(), "data");
    const { url } = process.env.DATABASE_URL ? await sharedDatabase() : { url: undefined };
    const options = { database: url ?? folder, masterKey: () => Promise.resolve(masterKey), host };
    const call = {
      host: host.name,
      host_instance: host.instance,
      workflow_id: "w1",
      workflow_name: "Sales flow",
      agent_node_id: "a1",
      tool: "create_agent_user",
    };
    const first = await createTotem(options);
    await first.hostCall(call);
    await first.close();
    if (!url) expect(readdirSync(folder).filter((name) => name.endsWith(".key"))).toEqual([]);
    const second = await createTotem(options);
    expect(await second.hostCall(call)).toMatchObject({ already_existed: true });
    await second.close();
    expect(await refusalOf(createTotem({ ...options, masterKey: newKey() }))).toBe("MASTER_KEY_WRONG");
  });

  it("reads its key from a file that only its owner can read", async () => {
    const file = join(temporaryFolder(), "master.key");
    writeFileSync(file, masterKey, { mode: 0o600 });
    const database = await sharedDatabase();
    await embed({ database, masterKey: { file } });
    chmodSync(file, 0o644);
    expect(await refusalOf(embed({ database, masterKey: { file } }))).toBe("SETTING_INVALID");
  });

  it.each([
    [{ masterKey: "" }, "MASTER_KEY_MISSING"],
    [{ masterKey: () => "" }, "MASTER_KEY_MISSING"],
    [{ masterKey: "short" }, "SETTING_INVALID"],
    [{ database: "" }, "SETTING_INVALID"],
    [{ host: { name: "totem", instance: "studio" } }, "INPUT_INVALID"],
    [{ settings: { TOTEM_MAIL_DOMAIN: "no domain" } }, "SETTING_INVALID"],
    [{ adminKey: "short" }, "SETTING_INVALID"],
  ])("is refused where something is missing or wrong: %o", async (wrong, code) => {
    expect(await refusalOf(embed({ database: "/nonexistent", ...wrong }))).toBe(code);
  });

  it("opens no port until it is told to, and then serves its API to whoever has the administrator's key", async () => {
    const adminKey = newKey();
    const totem = await embed({ adminKey, graph: graphOf(new Map([["w1", salesCanvas()]])) });
    const seller = { workflowId: "w1", callerNodeId: "seller" };
    expect(await totem.call({ ...seller, toolNodeId: "account" })).toMatchObject({ api_base_url: "" });
    const { url } = await totem.listen();
    expect(await totem.call({ ...seller, toolNodeId: "account" })).toMatchObject({ api_base_url: url });
    const { totp_code: code } = await totem.call({ ...seller, toolNodeId: "code" });
    const verify = (key: string) =>
      fetch(`${url}/api/v1/agent-users/agent_sales-flow_seller/verify`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
    expect((await verify(newKey())).status).toBe(401);
    expect((await verify(adminKey)).status).toBe(200);
    expect((await fetch(`${url}/`)).status).toBe(404);
  });

  it("writes to its host's logger and tells it no secret", async () => {
    const lines: string[] = [];
    const logger = createLogger("debug", { write: (line: string) => void lines.push(line) });
    const totem = await embed({ logger });
    await totem.listen();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("")).not.toContain(masterKey);
  });

  it("ends a wait when its host ends it, and when it is closed; after that it answers nothing", async () => {
    const totem = await embed({
      graph: graphOf(new Map([["w1", waitingCanvas()]])),
      clock: systemClock,
      settings: { TOTEM_MAIL_DOMAIN: "agents.example.com" },
    });
    const call = { workflowId: "w1", callerNodeId: "seller" };
    await totem.call({ ...call, toolNodeId: "account" });
    const abort = new AbortController();
    const first = totem.call({ ...call, toolNodeId: "wait" }, { signal: abort.signal });
    const second = totem.call({ ...call, toolNodeId: "wait" });
    abort.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    const failed = expect(second).rejects.toThrow("closed");
    await totem.close();
    await failed;
    await expect(totem.call({ ...call, toolNodeId: "account" })).rejects.toThrow("closed");
    await totem.close();
  });

  it("leaves the process as it was: no handlers of signals", async () => {
    const events = ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtException", "unhandledRejection"];
    const handlers = () => events.map((event) => process.listenerCount(event));
    const before = handlers();
    const totem = await createTotem({ database: join(temporaryFolder(), "data"), masterKey, host });
    expect(handlers()).toEqual(before);
    await totem.close();
    expect(handlers()).toEqual(before);
  });

  it("closes the database it was given", async () => {
    const database = await openTestDatabase();
    const totem = await createTotem({ database, masterKey, host });
    await totem.close();
    await expect(sql`select 1`.execute(database.kysely)).rejects.toThrow();
  });
});

const waitingCanvas = (): OtherCanvas => ({
  title: "Waits",
  parts: {
    seller: { kind: "bot", caption: "Seller", uses: ["account", "wait"] },
    account: { kind: "plugin", plugin: "totem/create_agent_user" },
    wait: { kind: "plugin", plugin: "totem/wait_for_code", options: { timeout_seconds: 60 } },
  },
});
