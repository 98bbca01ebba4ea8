import "./host-folders.ts";
import { TotemApi } from "../../plugin/hosts/n8n/credentials/TotemApi.credentials.ts";
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions, INode } from "./n8n-workflow.ts";

/** A tool and its agents as n8n stores them, and the caller that n8n names. */
export interface N8nPlace {
  /** Agents wired to the tool, by name: their ids. */
  readonly wired?: Readonly<Record<string, string>>;
  /** SupplyDataContext: the tool runs inside this node (AI Agent up to 2.x, "Execute step"). */
  readonly parentNode?: { readonly id: string; readonly name: string };
  /** ExecuteContext: the node before, by name (AI Agent 3.x, or a plain node of the main line). */
  readonly previousNode?: string;
  readonly workflow?: { readonly id?: string; readonly name?: string };
  readonly instance?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly credential?: { readonly url: string; readonly apiKey: string };
  readonly items?: number;
  readonly cancel?: AbortSignal;
  /** Every request that n8n would send. */
  readonly sent?: IHttpRequestOptions[];
  /** Every note beside the node's output. */
  readonly hints?: string[];
}

const tool: INode = { id: "tool-1", name: "Get TOTP Code", type: "n8n-nodes-totem.getTotpCodeTool" };
const otherNodes: Readonly<Record<string, string>> = { Webhook: "webhook-1", Outsider: "outsider-1" };

/** The context of a node's execution in the shapes n8n gives it; its requests really go out. */
export function n8nContext({
  wired = {},
  parentNode,
  previousNode,
  workflow = { id: "wf1", name: "Sales flow" },
  instance = "instance-1",
  parameters = {},
  credential = { url: "http://127.0.0.1:9", apiKey: "" },
  items = 1,
  cancel,
  sent = [],
  hints = [],
}: N8nPlace): IExecuteFunctions {
  const all = { ...otherNodes, ...wired };
  const node = (name: string): INode | null =>
    all[name] === undefined ? null : { id: all[name], name, type: "agent" };
  const internals = {
    ...(parentNode ? { parentNode } : {}),
    workflow: {
      getNode: node,
      connectionsBySourceNode:
        Object.keys(wired).length === 0
          ? {}
          : { [tool.name]: { ai_tool: [Object.keys(wired).map((name) => ({ node: name })), null] } },
    },
  };
  return {
    ...internals,
    getNode: () => tool,
    getWorkflow: () => ({ ...workflow, active: true }),
    getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
    getInstanceId: () => instance,
    getNodeParameter: (name) => parameters[name],
    getCredentials: async () => ({ ...credential }),
    getExecuteData: () => ({ source: previousNode ? { main: [{ previousNode }] } : null }),
    getExecutionCancelSignal: () => cancel,
    addExecutionHints: (...added) => void hints.push(...added.map(({ message }) => message)),
    helpers: {
      httpRequestWithAuthentication: async (_type, request) => {
        const signed = await new TotemApi().authenticate({ ...credential }, request);
        sent.push(signed);
        return await send(signed);
      },
    },
  } satisfies IExecuteFunctions & object;
}

/** As n8n sends it, with `returnFullResponse` and `ignoreHttpStatusErrors`. Its error holds the request, as axios's does. */
async function send(request: IHttpRequestOptions): Promise<IDataObject> {
  const headers = request.headers as Record<string, string>;
  try {
    const answer = await fetch(request.url, {
      method: request.method ?? "GET",
      redirect: request.disableFollowRedirect ? "manual" : "follow",
      headers,
      body: String(request.body),
      signal: AbortSignal.any([
        AbortSignal.timeout(request.timeout ?? 60_000),
        ...(request.abortSignal ? [request.abortSignal] : []),
      ]),
    });
    const text = await answer.text();
    const isJson = /[/+]json/.test(answer.headers.get("content-type") ?? "");
    return { statusCode: answer.status, body: isJson ? JSON.parse(text) : text };
  } catch (error) {
    throw Object.assign(new Error(`${String(error)} ${headers.Authorization}`), { config: { headers } });
  }
}
