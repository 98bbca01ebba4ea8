import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { FetchModel } from "../../../server/model/language-model.ts";
import { fetchModelAt } from "../../support/test-egress.ts";

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly messages?: unknown[]; readonly model?: string; readonly tools?: unknown[] };
}

export interface StandInAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

type Answer = (request: SeenRequest, number: number) => StandInAnswer | Promise<StandInAnswer>;

/** What the operator has listed: every stand-in that was started, and a port that no program listens on. */
const listed = ["http://127.0.0.1:9"];
export const fetchStandIns: FetchModel = (input, init) => fetchModelAt(...listed)(input, init);

/** A provider's server on loopback; `answer` says what it answers. It does not outlive the test. */
export async function startModelServer(answer: Answer) {
  const seen: SeenRequest[] = [];
  const closed = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const heard = {
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? {} : JSON.parse(text),
    };
    seen.push(heard);
    response.once("close", closed.resolve);
    const { status = 200, headers = {}, body } = await answer(heard, seen.length);
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  listed.push(`http://127.0.0.1:${port}/v1`);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    /** Resolves when an answer was given, or given up by who asked. */
    closed: () => closed.promise,
  };
}

type Call = { readonly name: string; readonly arguments: string };

/** One answer in the shape of `/v1/chat/completions`. */
export const chatAnswer = ({ text = "", calls = [] }: { text?: string; calls?: Call[] }): StandInAnswer => ({
  body: {
    id: "answer",
    object: "chat.completion",
    created: 0,
    model: "stand-in",
    choices: [
      {
        index: 0,
        finish_reason: calls.length > 0 ? "tool_calls" : "stop",
        message: {
          role: "assistant",
          content: text,
          ...(calls.length === 0
            ? {}
            : {
                tool_calls: calls.map((call, i) => ({ id: `call-${i}`, type: "function", function: call })),
              }),
        },
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
});
