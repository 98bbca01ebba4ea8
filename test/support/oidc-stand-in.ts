import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { random } from "./seeded-random.ts";

/** What one sign-in at the provider says instead of the truth. */
export interface Lie {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: string;
  /** The key that signs; the provider's own without it. */
  readonly key?: KeyObject;
  /** What the browser brings back. */
  readonly returned?: Readonly<Record<string, string>>;
}

/** A path's answer instead of the usual one. */
type Answer = (response: ServerResponse) => void;

const newKeys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * An OpenID Connect provider that can lie. It answers a code for the address that a sign-in goes to, as if its person
 * had agreed, and checks what a real one checks: the PKCE verifier, the redirect address and that a code is used once.
 */
export async function startOidcStandIn(now: () => Date) {
  const keys = newKeys();
  const codes = new Map<string, { query: URLSearchParams; lie: Lie }>();
  const requests: string[] = [];
  const answers = new Map<string, Answer>();
  let document: Readonly<Record<string, unknown>> = {};
  let userInfo: Readonly<Record<string, unknown>> | undefined;

  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    let body = "";
    for await (const part of request) body += String(part);
    requests.push(`${request.method} ${path} ${request.headers.authorization ?? ""} ${body}`);
    const answer = answers.get(path);
    if (answer) answer(response);
    else if (path === "/.well-known/openid-configuration") json(response, describe());
    else if (path === "/keys") json(response, { keys: [{ ...publicJwk(), kid: "1", use: "sig" }] });
    else if (path === "/userinfo") json(response, userInfo ?? {});
    else if (path === "/token") exchange(new URLSearchParams(body), response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publicJwk = () => keys.publicKey.export({ format: "jwk" });
  const describe = () => ({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    ...document,
  });

  function exchange(body: URLSearchParams, response: ServerResponse): void {
    const known = codes.get(body.get("code") ?? "");
    codes.delete(body.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    const fits =
      challenge === known?.query.get("code_challenge") &&
      body.get("redirect_uri") === known?.query.get("redirect_uri");
    if (known && fits)
      json(response, {
        access_token: "access",
        token_type: "Bearer",
        id_token: token(known.query, known.lie),
      });
    else json(response, { error: "invalid_grant", error_description: "secret words of the provider" }, 400);
  }

  function token(query: URLSearchParams, { claims, alg = "RS256", key = keys.privateKey }: Lie): string {
    const seconds = Math.floor(now().getTime() / 1000);
    const said = {
      iss: issuer,
      sub: "1",
      aud: query.get("client_id"),
      nonce: query.get("nonce"),
      iat: seconds,
      exp: seconds + 300,
      ...claims,
    };
    const signed = `${base64url({ alg, kid: "1" })}.${base64url(said)}`;
    return `${signed}.${signature(alg, signed, key)}`;
  }

  /** HS256 with the public key as its secret is a known trick. */
  function signature(alg: string, signed: string, key: KeyObject): string {
    if (alg === "none") return "";
    const shared = keys.publicKey.export({ format: "pem", type: "spki" });
    return alg === "HS256"
      ? createHmac("sha256", shared).update(signed).digest("base64url")
      : sign("sha256", Buffer.from(signed), key).toString("base64url");
  }

  return {
    issuer,
    /** Every request so far, with its body. */
    requests,
    otherKey: newKeys().privateKey,
    /** What the document says besides; with undefined, what it leaves out. */
    announce: (changes: Readonly<Record<string, unknown>>) => {
      document = changes;
    },
    answerUserInfo: (claims: Readonly<Record<string, unknown>>) => {
      userInfo = claims;
    },
    /** Answers a path in another way, until `answer` is undefined. */
    answerAt: (path: string, answer: Answer | undefined) => {
      if (answer) answers.set(path, answer);
      else answers.delete(path);
    },
    /** The person signs in there and agrees: what the browser then brings back. */
    agree(url: string, lie: Lie = {}) {
      const query = new URL(url).searchParams;
      const code = random.uuid();
      codes.set(code, { query, lie });
      return { state: query.get("state") ?? "", code, iss: issuer, ...lie.returned };
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

export type OidcStandIn = Awaited<ReturnType<typeof startOidcStandIn>>;
