import { exchangeGrant, tokenTypes } from "../../plugin/api/workload.ts";
import { agentWorkflow } from "./build-workflow.ts";
import { fixedClock } from "./fixed-clock.ts";
import { signInPerson } from "./person-session.ts";
import { type Answer, startTestServer } from "./start-test-server.ts";
import { startIssuer } from "./workload-issuer.ts";

/** A server with an owner, an issuer that it trusts, and a rule by which its robot gets in as an agent. */
export async function startWorkload(settings: Readonly<Record<string, string>> = {}) {
  const clock = fixedClock();
  const issuer = await startIssuer(clock.now);
  const listed = { TOTEM_PRIVATE_URLS: `issuer ${issuer.issuer}` };
  const server = await startTestServer({ clock, settings: { ...listed, ...settings } });
  const owner = await signInPerson(server);
  const slug = await server.addWorkflow(agentWorkflow(), "Robots");
  const username: string = (await server.call(slug, "create")).body.username;
  const path = "/workload-identity";

  /** A person proves themselves again, however far the clock has gone. */
  const prove = () =>
    server.database.kysely
      .updateTable("studio_session")
      .set({ proved_at: clock.now(), last_seen_at: clock.now() })
      .execute();
  const addIssuer = async (more: object = {}): Promise<Answer> => {
    await prove();
    return owner.send("POST", `${path}/issuers`, {
      name: "Cluster",
      kind: "oidc",
      issuer: issuer.issuer,
      ...more,
    });
  };
  const trusted = (await addIssuer()).body;
  const rule = {
    name: "Robot of prod",
    issuer_id: trusted.id,
    audience: "totem",
    conditions: [{ claim: "sub", matches: "system:serviceaccount:prod:robot" }],
    target: { agent_user: username } as object,
  };
  const addRule = async (more: object = {}): Promise<Answer> => {
    await prove();
    return owner.send("POST", `${path}/rules`, { ...rule, ...more });
  };
  const first = (await addRule()).body;

  const form = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    server.send("POST", "/api/v1/auth/token", new URLSearchParams(fields).toString(), {
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    });
  const exchange = (
    token: string,
    more: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> =>
    form(
      {
        grant_type: exchangeGrant,
        subject_token: token,
        subject_token_type: tokenTypes.jwt,
        ...more,
      },
      headers,
    );
  /** What the log says of the newest exchange. */
  const lastLogged = async () =>
    (await server.api("GET", "/audit-events?action=workload.exchanged&limit=1")).body.audit_events[0];

  return {
    clock,
    issuer,
    server,
    owner,
    slug,
    username,
    trusted,
    rule,
    first,
    addIssuer,
    addRule,
    form,
    exchange,
    lastLogged,
    /** A token of the issuer, exchanged. */
    enter: async (claims: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const answer = await exchange(await issuer.sign({ claims }));
      if (answer.status !== 200) throw new Error(`The exchange was answered ${answer.text}`);
      return answer.body.access_token;
    },
    try: (token: string): Promise<Answer> => owner.send("POST", `${path}/try`, { token }),
    stop: async () => {
      await server.stop();
      await issuer.stop();
    },
  };
}

export type WorkloadStory = Awaited<ReturnType<typeof startWorkload>>;
