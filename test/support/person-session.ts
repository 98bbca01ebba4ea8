import { random } from "./seeded-random.ts";
import type { Answer, TestServer } from "./start-test-server.ts";

/** What a signed-in page has: the cookie, and the proof in its storage. */
export interface PersonSession {
  readonly cookie: string;
  readonly proof: string;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
}

/** Signs a person in over HTTP, by a link or as the only person there is by the administrator's key. */
export async function signInPerson(
  server: Pick<TestServer, "send" | "adminKey">,
  by: { readonly link: string } | { readonly key: string } = { key: server.adminKey },
): Promise<PersonSession> {
  const proof = random.bytes(32).toString("base64url");
  const answer = await server.send("POST", "/api/v1/auth/sign-in", by, { "x-totem-proof": proof });
  if (answer.status !== 204) throw new Error(`Signing in was answered ${answer.status}.`);
  return sessionOf(server, answer, proof);
}

/** The session that an answer opened. */
export function sessionOf(server: Pick<TestServer, "send">, answer: Answer, proof: string): PersonSession {
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return {
    cookie,
    proof,
    send: (method, path, body, headers = {}) =>
      server.send(method, `/api/v1${path}`, body, { cookie, "x-totem-proof": proof, ...headers }),
  };
}
