import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { type Program, startProgram } from "../program.ts";

export const owner = { email: "owner@flowise.test", password: "Totem-test-1!" };

export interface UsedTool {
  readonly tool: string;
  readonly toolOutput: string;
  readonly error?: string;
}

/** What a run of a flow came to: its text, or the error Flowise shows, and the tools it says were used. */
export interface RunResult {
  readonly status: number;
  readonly text: string;
  readonly usedTools: readonly UsedTool[];
}

export interface Flowise {
  readonly url: string;
  /** Its data, its encryption key and its key pair. */
  readonly folder: string;
  readonly cookie: () => string;
  /** Starts it (again) on the same data, with these files preloaded. */
  start(preload: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  /** Any request of its API, signed in. Throws unless it answers 2xx. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of another program, of every shape
  api(method: string, path: string, body?: unknown): Promise<any>;
  /** Asks a flow as anybody may who has its address. */
  ask(flowId: string, question?: string): Promise<RunResult>;
  output(): string;
  remove(): Promise<void>;
}

/** A Flowise on loopback, on a folder that goes with it. */
export async function prepareFlowise(home: string): Promise<Flowise> {
  const data = mkdtempSync(join(tmpdir(), "totem-flowise-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let program: Program | undefined;
  let earlier = "";
  let cookie = "";

  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", "x-request-from": "internal", cookie },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const api: Flowise["api"] = async (method, path, body) => {
    const answer = await send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Flowise: ${method} ${path} answered ${answer.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const signIn = async (): Promise<void> => {
    const answer = await send("POST", "/auth/login", owner);
    if (!answer.ok) throw new Error(`Flowise did not sign in: ${answer.status}`);
    cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
  };
  let isNew = true;
  const stop = async (): Promise<void> => {
    await program?.stop();
    earlier += program?.output() ?? "";
    program = undefined;
  };
  return {
    url,
    folder: data,
    cookie: () => cookie,
    start: async (preload) => {
      program = await startProgram(process.execPath, [join(home, "node_modules/flowise/bin/run"), "start"], {
        folder: data,
        readyAt: `${url}/api/v1/ping`,
        env: {
          PORT: String(port),
          HOST: "127.0.0.1",
          FLOWISE_HOST: "127.0.0.1",
          DATABASE_PATH: data,
          SECRETKEY_PATH: data,
          LOG_PATH: join(data, "logs"),
          BLOB_STORAGE_PATH: join(data, "storage"),
          DISABLE_FLOWISE_TELEMETRY: "true",
          OPENAI_API_KEY: "sk-stand-in",
          // For the model's stand-in, which is on loopback; Totem's tools ask for nothing of the kind.
          HTTP_SECURITY_CHECK: "false",
          // Else its list of models is fetched from the internet.
          MODEL_LIST_CONFIG_JSON: join(home, "node_modules/flowise-components/models.json"),
          NODE_OPTIONS: preload.map((file) => `--require ${file}`).join(" "),
        },
      });
      if (isNew) {
        const user = { name: "Owner", email: owner.email, credential: owner.password };
        await api("POST", "/account/register", { user, organization: { name: "Test" } });
        isNew = false;
      }
      await signIn();
    },
    stop,
    api,
    ask: async (flowId, question = "Go on.") => {
      const answer = await send("POST", `/prediction/${flowId}`, { question });
      const body = await answer.json();
      return {
        status: answer.status,
        text: answer.ok ? body.text : body.message,
        usedTools: usedToolsIn(body),
      };
    },
    output: () => earlier + (program?.output() ?? ""),
    remove: async () => {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A chatflow names them at the top, an Agentflow beside each agent that ran. */
function usedToolsIn(body: {
  usedTools?: UsedTool[];
  agentFlowExecutedData?: { data?: { output?: { usedTools?: UsedTool[] } } }[];
}): UsedTool[] {
  const executed = body.agentFlowExecutedData ?? [];
  return [...(body.usedTools ?? []), ...executed.flatMap(({ data }) => data?.output?.usedTools ?? [])];
}
