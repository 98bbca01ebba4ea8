import type { TrustedIssuerBody } from "../../../../plugin/api/workload.ts";

/** Where the keys of an issuer come from. */
export type KeysFrom = TrustedIssuerBody["keys_from"];

/** What is known of an issuer before it is written down. */
export interface Preset {
  readonly title: string;
  readonly kind: "oidc" | "spiffe";
  /** Whole where it is the same for all the world, else an example. */
  readonly issuer: string;
  readonly isFixed?: true;
  readonly keysFrom: KeysFrom;
  /** Which tokens of it there are, and how to find the address. */
  readonly words: string;
  /** Conditions as they are usual there. */
  readonly conditions: string;
  /** Whether an issuer at this address is one of these. */
  readonly fits: RegExp;
}

export const presets = {
  kubernetes: {
    title: "Kubernetes service accounts",
    kind: "oidc",
    issuer: "https://kubernetes.default.svc.cluster.local",
    keysFrom: "stored",
    words:
      "The issuer is the “issuer” in the answer of: kubectl get --raw /.well-known/openid-configuration. If Totem cannot reach the cluster, paste what this answers: kubectl get --raw /openid/v1/jwks.",
    conditions: "/kubernetes.io/namespace = prod\n/kubernetes.io/serviceaccount/name = my-agent",
    fits: /kubernetes|eks\.|container\.googleapis|azmk8s|cluster\.local/,
  },
  github: {
    title: "GitHub Actions",
    kind: "oidc",
    issuer: "https://token.actions.githubusercontent.com",
    isFixed: true,
    keysFrom: "discovery",
    words:
      "A job gets its token with “permissions: id-token: write”. All the world gets tokens of this issuer, so each rule names a repository or its owner.",
    conditions: "repository = my-company/my-repository\nref = refs/heads/main",
    fits: /githubusercontent\.com/,
  },
  google: {
    title: "Google Cloud metadata",
    kind: "oidc",
    issuer: "https://accounts.google.com",
    isFixed: true,
    keysFrom: "discovery",
    words:
      "A machine asks its metadata server for an identity token with Totem’s audience. Name the service account: by its number in sub, or by email.",
    conditions: "email = robot@my-project.iam.gserviceaccount.com\nemail_verified = true",
    fits: /accounts\.google\.com/,
  },
  azure: {
    title: "Azure managed identities",
    kind: "oidc",
    issuer: "https://sts.windows.net/<tenant id>/",
    keysFrom: "discovery",
    words:
      "The address has the id of your tenant in it, and a slash at its end. Name the managed identity by its object id in sub.",
    conditions: "sub = 00000000-0000-0000-0000-000000000000",
    fits: /sts\.windows\.net|login\.microsoftonline\.com/,
  },
  keycloak: {
    title: "Keycloak",
    kind: "oidc",
    issuer: "https://keycloak.example.com/realms/my-realm",
    keysFrom: "discovery",
    words:
      "The issuer is the address of the realm. A client with a service account gets tokens by client_credentials; an audience mapper puts Totem’s audience into them.",
    conditions: "azp = my-agent",
    fits: /\/realms\//,
  },
  spiffe: {
    title: "SPIFFE trust domain",
    kind: "spiffe",
    issuer: "spiffe://example.org",
    keysFrom: "address",
    words:
      "Workloads show a JWT-SVID. Totem takes names of this trust domain only. The bundle is at the bundle endpoint, or in the answer of: spire-server bundle show -format spiffe.",
    conditions: "sub = spiffe://example.org/ns/prod/my-agent",
    fits: /^spiffe:/,
  },
  other: {
    title: "Another OpenID Connect issuer",
    kind: "oidc",
    issuer: "https://issuer.example.com",
    keysFrom: "discovery",
    words: "Exactly as its tokens say it in iss.",
    conditions: "sub = my-agent",
    fits: /./,
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

/** What an issuer most likely is, by its address. */
export const presetOf = (issuer: string): Preset =>
  Object.values(presets).find(({ fits }) => fits.test(issuer)) ?? presets.other;
