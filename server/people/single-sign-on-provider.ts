import * as oidc from "openid-client";
import { PluginError } from "../../plugin/plugin-error.ts";
import { asymmetric } from "../access/asymmetric.ts";
import { type Clock, systemClock } from "../clock.ts";

/** Sends one request to the provider at `home`, or throws ADDRESS_REFUSED or UPSTREAM_FAILED. Follows no redirect. */
export type FetchAtProvider = (
  provider: { readonly home: string },
  url: string,
  options: oidc.CustomFetchOptions,
) => Promise<Response>;

export interface ProviderParts {
  readonly clock: Clock;
  readonly fetchAtProvider: FetchAtProvider;
}

/** How a workspace is known at its provider. */
export interface Client {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

/** How far the clocks may differ, in seconds. */
const clockTolerance = 60;
/** A token comes right after it was issued. */
const oldestToken = 180;

/** Reads the provider's document. Throws a PluginError whose message says what is wrong with it. */
export async function discoverProvider(
  { clock, fetchAtProvider }: ProviderParts,
  { issuer, clientId, clientSecret }: Client,
): Promise<oidc.Configuration> {
  const fetch: oidc.CustomFetch = fetchAtProvider.bind(null, { home: issuer });
  const plain = new URL(issuer).protocol === "http:" ? [oidc.allowInsecureRequests] : [];
  const discovered = await oidc
    .discovery(new URL(issuer), clientId, undefined, undefined, {
      [oidc.customFetch]: fetch,
      execute: plain,
    })
    .catch((error: unknown) => {
      throw isComparison(error) ? refused(anotherIssuer) : refusalOf(error);
    });
  const { supportsPKCE: _isMethod, ...document } = discovered.serverMetadata();
  // Compared here too: the library lets some providers answer another issuer (RFC 8414 section 3.3 lets none).
  if (!URL.canParse(document.issuer) || new URL(document.issuer).href !== new URL(issuer).href)
    throw refused(anotherIssuer);
  const lacks = whatLacks(document);
  if (lacks) throw refused(lacks);
  const announced = document.id_token_signing_alg_values_supported ?? ["RS256"];
  const config = new oidc.Configuration(
    {
      ...document,
      id_token_signing_alg_values_supported: announced.filter((alg) => asymmetric.includes(alg)),
    },
    clientId,
    {
      // The library asks the system what time it is; the server's clock decides.
      [oidc.clockSkew]: Math.round((clock.now().getTime() - systemClock.now().getTime()) / 1000),
      [oidc.clockTolerance]: clockTolerance,
    },
    authenticationOf(document, clientSecret),
  );
  config[oidc.customFetch] = fetch;
  for (const apply of [...plain, oidc.enableNonRepudiationChecks]) apply(config);
  return config;
}

const anotherIssuer = "The provider's document names another issuer.";
const isComparison = (error: unknown) =>
  error instanceof oidc.ClientError && error.code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED";

/** What the flow needs and the document does not offer, in a sentence. */
function whatLacks(document: oidc.ServerMetadata): string | undefined {
  if (!document.authorization_endpoint || !document.token_endpoint || !document.jwks_uri)
    return "The provider's document names no addresses for signing in, tokens and keys.";
  if (!document.response_types_supported?.includes("code"))
    return "The provider offers no authorization code flow.";
  if (!document.code_challenge_methods_supported?.includes("S256"))
    return "The provider does not announce PKCE with S256.";
  const signed = document.id_token_signing_alg_values_supported ?? ["RS256"];
  return signed.some((alg) => asymmetric.includes(alg))
    ? undefined
    : "The provider signs with no key pair of its own.";
}

/** OpenID Connect Discovery section 3: without a list it is client_secret_basic. */
function authenticationOf(document: oidc.ServerMetadata, secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  const ways = document.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return ways.includes("client_secret_basic") || !ways.includes("client_secret_post")
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret);
}

/** What belongs to one attempt. Only the state leaves the server before the code comes back, and the nonce in a token. */
export interface AttemptSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export const newAttemptSecrets = (): AttemptSecrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  verifier: oidc.randomPKCECodeVerifier(),
});

/** Where the browser goes to sign in. */
export async function addressToSignIn(
  config: oidc.Configuration,
  { state, nonce, verifier }: AttemptSecrets,
  redirectUri: string,
): Promise<string> {
  const scopes = config.serverMetadata().scopes_supported ?? [];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: ["openid", "email", "profile", ...(scopes.includes("groups") ? ["groups"] : [])].join(" "),
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return address.href;
}

/** What the provider says of a person, of all of which it has proved. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

interface Returned extends AttemptSecrets {
  /** Our address with what the provider added to it. */
  readonly address: URL;
  /** Claims that are asked for at the provider where the token has them not. */
  readonly wanted: readonly string[];
}

/** Exchanges the code and checks the token. Throws a PluginError. */
export async function readClaims(
  clock: Clock,
  config: oidc.Configuration,
  { address, state, nonce, verifier, wanted }: Returned,
): Promise<Claims> {
  try {
    const tokens = await oidc.authorizationCodeGrant(config, address, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    // OpenID Connect Core section 2: at most 255 ASCII characters.
    if (!claims || !/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw refused();
    const age = clock.now().getTime() / 1000 - claims.iat;
    if (age < -clockTolerance || age > oldestToken) throw new PluginError("SINGLE_SIGN_ON_CLOCK");
    if (wanted.every((name) => claims[name] !== undefined) || !config.serverMetadata().userinfo_endpoint)
      return claims;
    const more = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    // An address and whether it is verified come from one and the same place.
    return claims.email === undefined
      ? { ...claims, ...more }
      : { ...more, email_verified: undefined, ...claims };
  } catch (error) {
    throw refusalOf(error);
  }
}

const refused = (message?: string) =>
  new PluginError("SINGLE_SIGN_ON_REFUSED", message === undefined ? {} : { message });

/** The provider's own words are never passed on: they may hold what was sent. */
function refusalOf(error: unknown): PluginError {
  if (error instanceof PluginError && error.code.startsWith("SINGLE_SIGN_ON")) return error;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof PluginError)
      return new PluginError("SINGLE_SIGN_ON_UNREACHABLE", {
        cause,
        ...(cause.code === "ADDRESS_REFUSED" ? { message: addressRefused } : {}),
      });
  if (error instanceof oidc.ClientError) {
    if (error.code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") return new PluginError("SINGLE_SIGN_ON_CLOCK");
    // An answer of a page or of a proxy that is no answer of a provider.
    if (notAProvider.has(error.code ?? "")) return new PluginError("SINGLE_SIGN_ON_UNREACHABLE");
  }
  return refused();
}

const addressRefused =
  "The provider is at an address that this server does not call: https:// only, and inside its own network only the issuer itself, where the operator lists it in TOTEM_PRIVATE_URLS, as in: sign-in https://login.internal.";

const notAProvider = new Set([
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
  "OAUTH_PARSE_ERROR",
  "OAUTH_TIMEOUT",
]);
