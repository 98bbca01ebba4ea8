import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { random } from "./seeded-random.ts";

export interface ProviderAccount {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

const program = {
  client_id: "robot",
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
};
const forPrograms = (audience: string) => ({
  clientCredentials: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => audience,
    getResourceServerInfo: () => ({ scope: "", audience, accessTokenFormat: "jwt" }),
  },
});

/**
 * A certified provider of this machine, with pages of its own for signing in and for agreeing. An account is named by
 * what is typed as its name. It says the address and the groups only at its userinfo endpoint.
 */
export async function startOidcProvider(
  accounts: Readonly<Record<string, ProviderAccount>>,
  /** Programs get access tokens for this audience, as JWTs (RFC 9068). */
  audience?: string,
) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientSecret = random.bytes(32).toString("base64url");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const serve = (redirectUri: string) =>
    new Provider(issuer, {
      clients: [
        { client_id: "totem", client_secret: clientSecret, redirect_uris: [redirectUri] },
        ...(audience === undefined ? [] : [{ ...program, client_secret: clientSecret }]),
      ],
      ...(audience === undefined ? {} : { features: forPrograms(audience), ttl: { ClientCredentials: 600 } }),
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", kid: "1", alg: "RS256" }] },
      cookies: { keys: [random.bytes(32).toString("base64url")] },
      scopes: ["openid", "email", "profile", "groups"],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
      findAccount: (_context: unknown, id: string) =>
        Object.hasOwn(accounts, id)
          ? { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }
          : undefined,
    });
  return {
    issuer,
    /** Serves the pages. The server that people come back to is started later: its settings list the provider. */
    sendBackTo: (redirectUri: string) => void server.on("request", serve(redirectUri).callback()),
    clientId: "totem",
    clientSecret,
    /** An access token of the program robot. */
    tokenOfProgram: async (): Promise<string> => {
      const answer = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`robot:${clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
