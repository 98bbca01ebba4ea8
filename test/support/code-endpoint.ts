import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface AskedFor {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it arrived: the signature is over these bytes. */
  readonly body: string;
}

type Answer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
};

/** A stand-in for another party's endpoint of codes. It stores the requests. */
export async function startCodeEndpoint() {
  const asked: AskedFor[] = [];
  let answer: (request: AskedFor) => Answer | Promise<Answer> = () => ({ body: { verification_code: "" } });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const one = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      asked.push(one);
      const { status = 200, headers = {}, body } = await answer(one);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    asked,
    answerWith(next: typeof answer): void {
      answer = next;
    },
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
