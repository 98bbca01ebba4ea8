import { request as send } from "node:http";
import { expect } from "vitest";
import { flowEdge, modelEdge, node, toolEdge } from "./build-workflow.ts";
import type { TestServer } from "./start-test-server.ts";

type Server = Pick<TestServer, "api" | "addWorkflow" | "call">;

export interface BehindProxy {
  readonly username: string;
  readonly entryId: string;
  /** Of its credential. */
  readonly id: string;
  /** `user:password` of the proxy's address. */
  readonly login: string;
}

interface EntryOfProgram {
  readonly name: string;
  readonly data: object;
  readonly origins: readonly string[];
  readonly one_time?: object;
}

/** An agent, an entry that it was granted also outside the canvas, and a credential for its program. */
export async function addProgramBehindProxy(server: Server, entry: EntryOfProgram): Promise<BehindProxy> {
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent"),
        node("model", "ai_model"),
        node("create", "create_agent_user"),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model"), toolEdge("create")],
    },
    entry.name,
  );
  const { username } = (await server.call(slug, "create")).body as { username: string };
  const stored = await server.api("POST", "/vault/entries", entry);
  expect(stored.status, stored.text).toBe(201);
  const granted = await server.api("PUT", `/vault/entries/${stored.body.id}/grants`, {
    grantee: { kind: "agent_user", name: username },
    rights: ["data", "codes"],
    outside_canvas: true,
  });
  expect(granted.status, granted.text).toBe(200);
  const made = await server.api("POST", "/proxy-credentials", { agent_user: username });
  expect(made.status, made.text).toBe(201);
  return {
    username,
    entryId: stored.body.id,
    id: made.body.id,
    login: `${username}:${made.body.credential}`,
  };
}

interface PlainRequest {
  readonly proxy: string;
  readonly login: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request without TLS, as programs send it to the address in HTTP_PROXY. */
export function sendPlain({ proxy, login, url, headers = {} }: PlainRequest) {
  const { hostname, port } = new URL(proxy);
  const options = {
    host: hostname,
    port,
    path: url,
    agent: false as const,
    headers: {
      ...headers,
      host: new URL(url).host,
      "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}`,
    },
  };
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<unknown>; text: string }>(
    (resolve, reject) => {
      send(options, async (answer) => {
        const parts = await answer.toArray();
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        });
      })
        .on("error", reject)
        .end();
    },
  );
}
