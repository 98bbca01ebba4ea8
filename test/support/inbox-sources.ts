import { createHmac } from "node:crypto";
import type { Answer, TestServer } from "./start-test-server.ts";

/** The signature that docs/webhooks.md describes, computed without the server's code. */
export const signHook = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;

export const timestampOf = (time: Date): string => String(Math.floor(time.getTime() / 1000));

/** Twilio's signature over an address and the sorted fields of a form. */
export const signForm = (token: string, url: string, fields: Readonly<Record<string, string>>): string =>
  createHmac("sha1", token)
    .update(
      url +
        Object.keys(fields)
          .sort()
          .map((name) => `${name}${fields[name]}`)
          .join(""),
    )
    .digest("base64");

/** Adds a source and returns the answer. */
export async function addSource(
  server: Pick<TestServer, "api">,
  source: object,
): Promise<{ id: string; secret: string; hook_url: string }> {
  const { status, body } = await server.api("POST", "/inbox/sources", source);
  if (status !== 201) throw new Error(`The source was not added: ${JSON.stringify(body)}`);
  return body;
}

export const postForm = (
  server: Pick<TestServer, "send">,
  path: string,
  fields: Readonly<Record<string, string>> | string,
  signature?: string,
): Promise<Answer> =>
  server.send("POST", path, typeof fields === "string" ? fields : new URLSearchParams(fields).toString(), {
    "content-type": "application/x-www-form-urlencoded",
    ...(signature === undefined ? {} : { "x-twilio-signature": signature }),
  });
