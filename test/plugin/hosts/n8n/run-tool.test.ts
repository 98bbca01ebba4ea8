import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { hostedTool, toolParameters } from "../../../../plugin/hosts/n8n/nodes/describe-tool.ts";
import { runTool } from "../../../../plugin/hosts/n8n/nodes/run-tool.ts";
import { hostKey } from "../../../support/host-calls.ts";
import { type N8nPlace, n8nContext } from "../../../support/n8n-context.ts";
import type { IDataObject, IHttpRequestOptions } from "../../../support/n8n-workflow.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";

type Tool = Parameters<typeof runTool>[1];

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await hostKey(server, "our n8n");
});
afterAll(() => server.stop());

/** The node's parameters as n8n resolves them: a person's settings by default, the model's arguments in theirs. */
function parametersOf(tool: Tool, args: IDataObject, settings: IDataObject): IDataObject {
  const { tool_schema } = hostedTool(tool);
  const entries = toolParameters(tool).map(({ name, default: preset }) => [name, preset]);
  for (const [name, field] of Object.entries(tool_schema.properties))
    entries.push([`argument_${name}`, (args[name] ?? field.default ?? "") as string]);
  for (const [name, value] of Object.entries(settings)) entries.push([`setting_${name}`, value as string]);
  return Object.fromEntries(entries);
}

async function call(
  tool: Tool,
  { args = {}, settings = {}, ...place }: N8nPlace & { args?: IDataObject; settings?: IDataObject } = {},
): Promise<IDataObject> {
  const context = n8nContext({
    wired: { "AI Agent": "agent-1" },
    previousNode: "AI Agent",
    credential: { url: server.url, apiKey: key },
    ...place,
    parameters: parametersOf(tool, args, settings),
  });
  const [items = []] = await runTool(context, tool);
  return items[0]?.json ?? {};
}

/** Something else than Totem at the credential's address, which gives back what it was sent. */
async function echo(
  status: number,
  contentType: string,
  body: (sent: string) => string,
  headers: Record<string, string> = {},
): Promise<string> {
  const http = createServer((request, response) => {
    response.writeHead(status, { "content-type": contentType, ...headers });
    response.end(body(String(request.headers.authorization)));
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => void http.close());
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe("a tool of n8n that is called", () => {
  it("makes the agent's account, reads its code and has it verified", async () => {
    const created = await call("create_agent_user", { args: { purpose: "Sells" } });
    expect(created).toMatchObject({ success: true, username: "agent_sales-flow_agent-1", purpose: "Sells" });
    expect(created.api_key).toMatch(/^totem:key:/);
    const code = await call("get_totp_code");
    expect(code.totp_code).toMatch(/^totem:code:/);
    const verified = await call("verify_totp_code", { args: { code: code.totp_code } });
    expect(verified).toMatchObject({ valid: true, username: "agent_sales-flow_agent-1" });
  });

  it("tells Totem the instance, the workflow and the agent, and what a person set", async () => {
    const sent: IHttpRequestOptions[] = [];
    await call("whoami", { sent, credential: { url: `${server.url}//`, apiKey: key } });
    const last = sent.at(-1);
    expect(last?.url).toBe(`${server.url}/api/v1/host-calls`);
    expect(JSON.parse(String(last?.body))).toEqual({
      host: "n8n",
      host_instance: "instance-1",
      workflow_id: "wf1",
      workflow_name: "Sales flow",
      agent_node_id: "agent-1",
      agent_node_name: "AI Agent",
      tool: "whoami",
      arguments: {},
      config: {},
    });
    // Of another workflow: a code that was used has to run out before there is the next.
    const workflow = { id: "wf-handle", name: "Handle" };
    await call("create_agent_user", { workflow });
    const answer = await call("get_totp_code", { workflow, settings: { reveal: "value" } });
    expect(answer.totp_code).toMatch(/^\d{6}$/);
  });

  it("answers once for each item", async () => {
    const context = n8nContext({
      wired: { "AI Agent": "agent-1" },
      credential: { url: server.url, apiKey: key },
      items: 2,
    });
    expect(await runTool(context, "whoami")).toMatchObject([
      [
        { json: { username: "agent_sales-flow_agent-1" }, pairedItem: { item: 0 } },
        { json: { username: "agent_sales-flow_agent-1" }, pairedItem: { item: 1 } },
      ],
    ]);
  });

  it("waits longer than Totem does", async () => {
    const sent: IHttpRequestOptions[] = [];
    const settings = { timeout_seconds: 1 };
    const answer = await call("wait_for_code", { sent, settings });
    expect(sent.at(-1)?.timeout).toBeGreaterThanOrEqual(31_000);
    expect(answer).toMatchObject({ success: false });
  });

  it("stops waiting when the execution is stopped", async () => {
    const execution = new AbortController();
    const waiting = call("wait_for_code", { cancel: execution.signal, settings: { timeout_seconds: 300 } });
    execution.abort();
    await expect(waiting).rejects.toThrow("Totem does not answer");
  });
});

describe("a refusal that the model can do something about", () => {
  it("reaches it as the tool's answer: a code that was used", async () => {
    const workflow = { id: "wf-replay", name: "Replay" };
    await call("create_agent_user", { workflow });
    const { totp_code: code } = await call("get_totp_code", { workflow });
    await call("verify_totp_code", { workflow, args: { code } });
    expect(await call("verify_totp_code", { workflow, args: { code } })).toEqual({
      success: false,
      error: "The code was not accepted. Get a fresh one and try again.",
      code: "CODE_REJECTED",
      retryable: true,
    });
  });

  it("reaches it as the tool's answer: another tool comes first", async () => {
    const workflow = { id: "wf-empty", name: "Empty" };
    expect(await call("get_totp_code", { workflow })).toMatchObject({ code: "AGENT_USER_NOT_FOUND" });
  });

  it("reaches it as the tool's answer: it asked for the code of another agent", async () => {
    const workflow = { id: "wf-curious", name: "Curious" };
    await call("create_agent_user", { workflow });
    const answer = await call("get_totp_code", { workflow, args: { username: "agent_sales-flow_agent-1" } });
    expect(answer).toMatchObject({ success: false, code: "FORBIDDEN" });
  });

  it("reaches it as the tool's answer: an argument is too long, which is named and not repeated", async () => {
    const answer = await call("create_agent_user", { args: { purpose: "x".repeat(501) } });
    expect(answer).toMatchObject({ success: false, code: "INPUT_INVALID" });
    expect(JSON.stringify(answer)).toContain("purpose");
    expect(JSON.stringify(answer)).not.toContain("xxxx");
  });
});

describe("a failure that only a person can correct stops the node", () => {
  it("when no agent is wired, before anything is sent", async () => {
    const sent: IHttpRequestOptions[] = [];
    await expect(call("whoami", { wired: {}, sent })).rejects.toThrow("Connect this tool to an AI Agent");
    expect(sent).toEqual([]);
  });

  it("when several agents could be meant", async () => {
    const wired = { First: "agent-1", Second: "agent-2" };
    await expect(call("whoami", { wired, previousNode: "Webhook" })).rejects.toThrow("Several AI Agents");
  });

  it("when the workflow was never saved", async () => {
    await expect(call("whoami", { workflow: {} })).rejects.toThrow("Save the workflow first");
    await expect(call("whoami", { workflow: { id: "__EMPTY__" } })).rejects.toThrow(
      "Save the workflow first",
    );
  });

  it("when the account is disabled", async () => {
    const workflow = { id: "wf-disabled", name: "Disabled" };
    await call("create_agent_user", { workflow });
    const [found] = (await server.api("GET", "/host-workflows?workflow_id=wf-disabled")).body.workflows;
    await server.api("DELETE", `/host-workflows/${found.id}`);
    await expect(call("get_totp_code", { workflow })).rejects.toMatchObject({
      name: "NodeOperationError",
      message: "This agent user is disabled. An owner, administrator or operator can enable it.",
    });
  });

  it("when another n8n uses the key", async () => {
    await expect(call("whoami", { instance: "instance-2" })).rejects.toMatchObject({
      message: "Totem does not let this key speak for this n8n",
      description: expect.stringContaining("make another key for this n8n"),
    });
  });

  it("when the key is refused", async () => {
    const credential = { url: server.url, apiKey: "totem_key_of-nobody" };
    await expect(call("whoami", { credential })).rejects.toThrow("Totem refused the key of the credential");
  });

  it("when there is something else at the address", async () => {
    const credential = { url: await echo(404, "text/html", () => "<h1>No</h1>"), apiKey: key };
    await expect(call("whoami", { credential })).rejects.toThrow("There is no Totem at the URL");
    const other = { url: await echo(200, "text/html", () => "Hello"), apiKey: key };
    await expect(call("whoami", { credential: other })).rejects.toThrow("There is no Totem at the URL");
  });

  it("when the address leads elsewhere: the key does not follow", async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const url = await echo(307, "text/plain", () => "", { location: `http://127.0.0.1:${port}/` });
    await expect(call("whoami", { credential: { url, apiKey: key } })).rejects.toThrow("HTTP status 307");
    expect(seen).toEqual([]);
  });

  it("when Totem is down, without the key that n8n's own error holds", async () => {
    const credential = { url: "http://127.0.0.1:9", apiKey: key };
    const error = await call("whoami", { credential }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "NodeOperationError", message: "Totem does not answer" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(key);
    expect(error).not.toHaveProperty("cause");
  });

  it("never repeats a key, not even one that came back in an answer", async () => {
    const url = await echo(500, "application/problem+json", (sent) =>
      JSON.stringify({ code: "INTERNAL", error: `Refused: ${sent}` }),
    );
    const error = await call("whoami", { credential: { url, apiKey: key } }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ message: "Refused: Bearer [hidden]" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(key);
  });
});
