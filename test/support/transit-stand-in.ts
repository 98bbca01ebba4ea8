import { createCipheriv, createDecipheriv } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { random } from "./seeded-random.ts";

/** The two calls of a transit engine that Totem makes, with the answers of OpenBao 2 for a right and a wrong request. */
export async function startTransit() {
  const token = `s.${random.bytes(18).toString("base64url")}`;
  const secretKey = random.bytes(32);
  const seen: string[] = [];
  let answerInstead: { readonly status: number; readonly body: string } | undefined;

  const answer = async (request: IncomingMessage): Promise<readonly [number, string]> => {
    const body = await text(request);
    seen.push(`${request.method} ${request.url}`);
    if (answerInstead) return [answerInstead.status, answerInstead.body];
    if (request.headers["x-vault-token"] !== token) return [403, refusal("permission denied")];
    const given = JSON.parse(body) as { plaintext?: string; ciphertext?: string };
    if (request.method === "POST" && request.url === "/v1/transit/encrypt/totem")
      return [200, data({ ciphertext: encrypt(given.plaintext ?? ""), key_version: 1 })];
    if (request.method === "POST" && request.url === "/v1/transit/decrypt/totem")
      try {
        return [200, data({ plaintext: decrypt(given.ciphertext ?? "") })];
      } catch {
        return [400, refusal("cipher: message authentication failed")];
      }
    return [404, refusal("no handler for route")];
  };

  const encrypt = (plaintext: string): string => {
    const nonce = random.bytes(12);
    const cipher = createCipheriv("aes-256-gcm", secretKey, nonce);
    const parts = [nonce, cipher.update(plaintext, "base64"), cipher.final(), cipher.getAuthTag()];
    return `vault:v1:${Buffer.concat(parts).toString("base64")}`;
  };
  const decrypt = (ciphertext: string): string => {
    const bytes = Buffer.from(ciphertext.replace("vault:v1:", ""), "base64");
    const decipher = createDecipheriv("aes-256-gcm", secretKey, bytes.subarray(0, 12), {
      authTagLength: 16,
    });
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("base64");
  };

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) =>
      response.writeHead(status, { "content-type": "application/json" }).end(body),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const keyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/transit/keys/totem`;
  return {
    keyUrl,
    token,
    secretKey,
    /** Every request, as `METHOD path`. */
    seen,
    answerWith: (status: number, body: string) => {
      answerInstead = { status, body };
    },
    /** After this there is no answer at all. */
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const data = (content: object): string => JSON.stringify({ data: content });
const refusal = (error: string): string => JSON.stringify({ errors: [error] });
