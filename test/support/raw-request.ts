import { request } from "node:http";

/** A request with headers that `fetch` sets by itself, such as Host. */
export function rawRequest(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<{ readonly status: number; readonly text: string; readonly type: string | undefined }> {
  return new Promise((resolve, reject) => {
    const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request(url, { method, headers: { ...json, ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text, type: answer.headers["content-type"] }),
      );
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
