import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { random } from "./seeded-random.ts";

export interface SignAs {
  readonly header?: Readonly<Record<string, unknown>>;
  /** Claims that are undefined are left out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The key that signs; the issuer's own without it. */
  readonly key?: CryptoKey | Uint8Array;
}

/** An issuer of tokens for programs, with its document and its keys, that signs whatever a test says. */
export async function startIssuer(now: () => Date, { alg = "RS256" } = {}) {
  const requests: string[] = [];
  let own = await newKey(alg, "1");
  let keys: JWK[] = [own.jwk];
  let away = false;
  let document: Readonly<Record<string, unknown>> = {};
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const answers: Record<string, object> = {
      "/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}/keys`, ...document },
      "/keys": { keys },
    };
    const answer = answers[request.url ?? ""];
    if (!answer || away) response.writeHead(503).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    requests,
    get keys() {
      return keys;
    },
    privateKey: () => own.privateKey,
    /** A token as Kubernetes issues it: good for ten minutes from now. */
    sign: ({ header = {}, claims = {}, key = own.privateKey }: SignAs = {}): Promise<string> => {
      const seconds = Math.floor(now().getTime() / 1000);
      const said = {
        iss: issuer,
        sub: "system:serviceaccount:prod:robot",
        aud: "totem",
        iat: seconds,
        nbf: seconds,
        exp: seconds + 600,
        jti: random.uuid(),
        "kubernetes.io": { namespace: "prod", serviceaccount: { name: "robot" } },
        ...claims,
      };
      return new SignJWT(JSON.parse(JSON.stringify(said)))
        .setProtectedHeader({ alg, kid: own.jwk.kid ?? "", ...header })
        .sign(key, { crit: { "urn:example:extension": true } });
    },
    /** Signs with a new key from now on; the one before is no longer listed. */
    rotate: async (kid: string): Promise<void> => {
      own = await newKey(alg, kid);
      keys = [own.jwk];
    },
    list: (...more: JWK[]) => {
      keys = [own.jwk, ...more];
    },
    say: (changes: typeof document) => {
      document = changes;
    },
    goAway: (isAway: boolean) => {
      away = isAway;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export async function newKey(alg: string, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid } as JWK };
}
