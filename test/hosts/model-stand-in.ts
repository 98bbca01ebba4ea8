import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One tool call the model is to make. Arguments may follow from what the tools have answered so far. */
export interface Step {
  /** The step is skipped for an agent that is offered no tool of such a name. */
  readonly tool: RegExp;
  readonly arguments?: object | ((results: readonly string[]) => object);
}

export interface ModelRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages: readonly {
    readonly role: string;
    readonly content?: unknown;
    readonly tool_calls?: readonly unknown[];
  }[];
  readonly tools?: readonly {
    readonly function: {
      readonly name: string;
      readonly description?: string;
      readonly parameters?: unknown;
    };
  }[];
}

export interface ModelStandIn {
  /** What to give a host as the base URL of an OpenAI-compatible service. */
  readonly url: string;
  /** Everything it was asked, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** What the next conversations are to do. Forgets what was asked before. */
  play(script: readonly Step[]): void;
  stop(): Promise<void>;
}

/**
 * A model's service on loopback that thinks nothing: it calls the tools of its script one after the other and
 * then says what they answered. It keeps no state of a conversation: how far it is follows from the messages,
 * so that many agents may talk with it at once.
 */
export async function startModelStandIn(): Promise<ModelStandIn> {
  let script: readonly Step[] = [];
  const requests: ModelRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    if (request.method !== "POST")
      return sendJson(response, { object: "list", data: [{ id: "stand-in", object: "model" }] });
    const asked = JSON.parse(text) as ModelRequest;
    requests.push(asked);
    const message = answerTo(asked, script);
    if (asked.stream) sendStream(response, message);
    else
      sendJson(
        response,
        completion("chat.completion", {
          message: { role: "assistant", ...message },
          finish_reason: finish(message),
        }),
      );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    play: (next) => {
      script = next;
      requests.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Message {
  readonly content: string | null;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id: string;
    readonly type: "function";
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

function answerTo({ messages, tools = [] }: ModelRequest, script: readonly Step[]): Message {
  // A conversation that goes on begins anew with each word of the person.
  const current = messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1);
  const results = current.filter(({ role }) => role === "tool").map(({ content }) => asText(content));
  const steps = script.flatMap((step) => {
    const name = tools.map((tool) => tool.function.name).find((offered) => step.tool.test(offered));
    return name === undefined ? [] : [{ ...step, name }];
  });
  const done = current.reduce((count, { tool_calls }) => count + (tool_calls?.length ?? 0), 0);
  const next = steps[done];
  if (!next) return { content: results.length === 0 ? "No tool was called." : results.join("\n") };
  const { name, arguments: given = {} } = next;
  const args = typeof given === "function" ? given(results) : given;
  return {
    content: null,
    tool_calls: [
      {
        index: 0,
        id: `call_${done + 1}`,
        type: "function",
        function: { name, arguments: JSON.stringify(args) },
      },
    ],
  };
}

const asText = (content: unknown): string =>
  typeof content === "string" ? content : JSON.stringify(content ?? "");

const finish = (message: Message): string => (message.tool_calls ? "tool_calls" : "stop");

const completion = (object: string, choice: object): object => ({
  id: "chatcmpl-stand-in",
  object,
  created: 0,
  model: "stand-in",
  choices: [{ index: 0, ...choice }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

function sendStream(response: ServerResponse, message: Message): void {
  response.setHeader("content-type", "text/event-stream");
  const chunks = [
    { delta: { role: "assistant", ...message }, finish_reason: null },
    { delta: {}, finish_reason: finish(message) },
  ];
  for (const chunk of chunks)
    response.write(`data: ${JSON.stringify(completion("chat.completion.chunk", chunk))}\n\n`);
  response.end("data: [DONE]\n\n");
}
