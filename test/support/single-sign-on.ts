import { fixedClock } from "./fixed-clock.ts";
import { type Lie, startOidcStandIn } from "./oidc-stand-in.ts";
import { type PersonSession, sessionOf, signInPerson } from "./person-session.ts";
import { random } from "./seeded-random.ts";
import { startTestServer } from "./start-test-server.ts";

const path = "/api/v1/people/auth/single-sign-on";

/** As the operator lists providers on this machine. */
const listed = (...issuers: string[]): string => issuers.map((issuer) => `sign-in ${issuer}`).join(", ");

/** A server with an owner, and a provider that its settings name. */
export async function startSingleSignOn(
  serverSettings: Readonly<Record<string, string>> = {},
  otherIssuers: readonly string[] = [],
) {
  const clock = fixedClock();
  const provider = await startOidcStandIn(clock.now);
  const server = await startTestServer({
    clock,
    settings: { TOTEM_PRIVATE_URLS: listed(provider.issuer, ...otherIssuers), ...serverSettings },
  });
  const owner = await signInPerson(server);
  const db = server.database.kysely;
  const { id: workspaceId } = await db.selectFrom("workspace").select("id").executeTakeFirstOrThrow();
  const settings = {
    name: "Company",
    issuer: provider.issuer,
    client_id: "totem",
    client_secret: "secret of the client",
    domains: ["example.com"],
    groups_claim: "groups",
    roles_of_groups: { makers: ["builder"], watchers: ["auditor"] } as Record<string, string[]>,
  };
  const configure = (changes: object = {}, by: PersonSession = owner) =>
    by.send("PUT", "/settings/single-sign-on", { ...settings, ...changes });

  const newProof = () => random.bytes(32).toString("base64url");
  const start = (proof: string, headers: Record<string, string> = {}) =>
    server.send("POST", path, { workspace_id: workspaceId }, { "x-totem-proof": proof, ...headers });
  const finish = (proof: string, returned: object) =>
    server.send("POST", `${path}/finish`, returned, { "x-totem-proof": proof });

  /** One whole sign-in. By default a verified person of the company, in the group that builds. */
  async function signIn(claims: Readonly<Record<string, unknown>> = {}, lie: Lie = {}) {
    const proof = newProof();
    const started = await start(proof);
    if (started.status !== 200) return { answer: started, session: undefined };
    const returned = provider.agree(started.body.url, {
      ...lie,
      claims: {
        sub: "ada",
        email: "ada@example.com",
        email_verified: true,
        name: "Ada",
        groups: ["makers"],
        ...claims,
        ...lie.claims,
      },
    });
    const answer = await finish(proof, returned);
    return { answer, session: answer.status === 204 ? sessionOf(server, answer, proof) : undefined };
  }

  await configure();
  return {
    clock,
    provider,
    server,
    db,
    owner,
    workspaceId,
    settings,
    configure,
    newProof,
    start,
    finish,
    signIn,
    stop: async () => {
      await server.stop();
      await provider.stop();
    },
  };
}

export type SingleSignOnStory = Awaited<ReturnType<typeof startSingleSignOn>>;
