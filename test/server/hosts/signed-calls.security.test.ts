import { generateKeyPairSync } from "node:crypto";
import { createSigner, httpbis } from "http-message-signatures";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../support/fixed-clock.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { enrolConfirmed, findKeyPair, newKeyPair, signedClient } from "../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

const place = (host_instance: string) => ({ host: "n8n", host_instance });
const callOf = (instance: string, tool = "create_agent_user", agent = "a1") => ({
  ...place(instance),
  workflow_id: "wf1",
  workflow_name: "Sales flow",
  agent_node_id: agent,
  tool,
});

/** An installation with a key, an agent and a confirmed key pair, and a client that signs for it. */
async function boundHost(instance: string) {
  const key = await hostKey(server, `key of ${instance}`, place(instance));
  const { body: agent } = await hostClient(server, key, instance)("create_agent_user");
  const machine = { key, pair: newKeyPair(), clock };
  const pair = await enrolConfirmed(server, machine, place(instance));
  const send = signedClient(server, machine);
  const call = (tool = "get_totp_code") => send({ path: "/host-calls", body: callOf(instance, tool) });
  return { key, agent, machine, pair, send, call };
}

const refusedReasons = async (actor: string): Promise<string[]> =>
  (await server.api("GET", "/audit-events?limit=100")).body.audit_events
    .filter((event: { actor: string; result: string }) => event.actor === actor && event.result === "refused")
    .map(({ reason }: { reason: string }) => reason)
    .reverse();

describe("H10: an installation with a key pair", () => {
  it("H10: is called with its signature, and a copied service key alone is worth nothing", async () => {
    const { key, agent, call } = await boundHost("alone");
    expect((await call("create_agent_user")).body).toMatchObject({
      username: agent.username,
      already_existed: true,
    });
    expect((await call()).body.success).toBe(true);
    const thief = server.as(key);
    const tried = [
      await thief("POST", "/host-calls", callOf("alone")),
      await thief("POST", "/host-calls", callOf("alone", "get_totp_code")),
      await thief("GET", "/host-workflows"),
      await thief("DELETE", "/host-workflows/7f1e6a3a-0c4e-4c0e-9a51-0f0f0f0f0f0f"),
      await thief("GET", "/whoami"),
      await thief("POST", "/mcp-tokens", {}),
    ];
    for (const { status, body, text } of tried) {
      expect({ status, code: body.code }).toEqual({ status: 401, code: "SIGNATURE_REFUSED" });
      expect(body.title).toMatch(/in Totem, under Hosts/);
      expect(text).not.toContain(agent.api_key);
    }
    expect(await refusedReasons("key of alone")).toEqual(tried.map(() => "unsigned"));
  });

  it("H10: refuses alike what is unsigned, signed by another, replayed, or changed on the way", async () => {
    const { key, send, call } = await boundHost("attacks");
    const body = callOf("attacks", "get_totp_code");
    let seen = { method: "POST", path: "", body: "", headers: {} as Record<string, string> };
    const first = await send({
      path: "/host-calls",
      body,
      after: (sent) => {
        seen = sent;
        return {};
      },
    });
    expect(first.body.success).toBe(true);
    const other = await hostKey(server, "further key of attacks", place("attacks"));
    const elsewhere = signedClient(server, { key, pair: newKeyPair(), clock });
    const attacks: [string, () => ReturnType<typeof send>][] = [
      ["signature_replayed", () => server.send("POST", "/api/v1/host-calls", seen.body, seen.headers)],
      ["key_pair_unknown", () => elsewhere({ path: "/host-calls", body })],
      [
        "body_changed",
        () =>
          send({
            path: "/host-calls",
            body,
            after: (sent) => ({ body: sent.body.replace('"a1"', '"a2"') }),
          }),
      ],
      [
        "signature_wrong",
        () => send({ path: "/host-workflows", body, after: () => ({ path: "/host-calls" }) }),
      ],
      [
        "signature_wrong",
        () => send({ path: "/host-calls", body, after: () => ({ path: "/host-calls?fields=all" }) }),
      ],
      [
        "signature_wrong",
        () => send({ method: "GET", path: "/host-calls", body, after: () => ({ method: "POST" }) }),
      ],
      [
        "signature_wrong",
        () =>
          send({
            path: "/host-calls",
            body,
            after: ({ headers }) => ({ headers: { ...headers, authorization: `Bearer ${other}` } }),
          }),
      ],
      [
        "signature_wrong",
        () =>
          send({
            path: "/host-calls",
            body,
            after: ({ headers }) => ({
              headers: {
                ...headers,
                "signature-input": (headers["signature-input"] ?? "").replace(/created=\d/, "created=2"),
              },
            }),
          }),
      ],
      [
        "unsigned",
        () =>
          send({
            path: "/host-calls",
            body,
            after: ({ headers: { signature: _, ...headers } }) => ({ headers }),
          }),
      ],
    ];
    const texts = new Set<string>();
    for (const [reason, attack] of attacks) {
      const { status, body: answer } = await attack();
      expect({ reason, status }).toEqual({ reason, status: 401 });
      texts.add(JSON.stringify({ ...answer, instance: "" }));
    }
    expect(texts.size).toBe(1);
    const reasons = [
      ...(await refusedReasons("key of attacks")),
      ...(await refusedReasons("further key of attacks")),
    ];
    expect(reasons.sort()).toEqual(attacks.map(([reason]) => reason).sort());

    expect((await call()).status).toBe(200);
  });

  it("H10: takes a signature for a minute either way, and its number once for as long", async () => {
    const { key, machine } = await boundHost("times");
    const at = (seconds: number) => {
      const host = fixedClock(new Date(clock.now().getTime() + seconds * 1000));
      return signedClient(server, { ...machine, key, clock: host })({
        path: "/host-calls",
        body: callOf("times", "whoami"),
      });
    };
    for (const [seconds, status] of [
      [-61, 401],
      [-60, 200],
      [60, 200],
      [61, 401],
    ] as const)
      expect({ seconds, status: (await at(seconds)).status }).toEqual({ seconds, status });
    expect(await refusedReasons("key of times")).toEqual(["signature_old", "signature_old"]);

    let seen: Record<string, string> = {};
    const body = callOf("times", "whoami");
    const early = fixedClock(new Date(clock.now().getTime() + 59_000));
    await signedClient(server, { ...machine, key, clock: early })({
      path: "/host-calls",
      body,
      after: ({ headers }) => {
        seen = headers;
        return {};
      },
    });
    clock.advance(118);
    expect((await server.send("POST", "/api/v1/host-calls", JSON.stringify(body), seen)).status).toBe(401);
    expect((await refusedReasons("key of times")).at(-1)).toBe("signature_replayed");
    clock.advance(600);
    expect((await at(0)).status).toBe(200);
    const { rows } = await server.database.kysely
      .selectFrom("host_call_nonce")
      .selectAll()
      .execute()
      .then((rows) => ({ rows }));
    expect(rows).toHaveLength(1);
  });

  it("H10: lets one of many copies of a signed call through that come at the same moment", async () => {
    const { send } = await boundHost("copies");
    let seen = { body: "", headers: {} as Record<string, string> };
    await send({
      path: "/host-calls",
      body: callOf("copies", "whoami"),
      after: (sent) => {
        seen = sent;
        return { path: "/nowhere" };
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.send("POST", "/api/v1/host-calls", seen.body, seen.headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 401),
    ]);
  });

  it("H10: accepts the signature of another RFC 9421 library, and none that leaves a part out", async () => {
    const key = await hostKey(server, "other library", place("library"));
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const keyid = publicKey.export({ format: "jwk" }).x ?? "";
    const signer = createSigner(
      privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      "ed25519",
      keyid,
    );
    const text = (body: object) => JSON.stringify(body);
    const send = async (path: string, body: object, fields: string[], alg = "ed25519") => {
      const digest = newKeyPair().digest(text(body));
      const message = await httpbis.signMessage(
        {
          key: { ...signer, alg },
          fields,
          params: ["created", "nonce", "keyid", "alg"],
          paramValues: { created: clock.now(), nonce: newKeyPair().nonce() },
        },
        {
          method: "POST",
          url: `${server.url}/api/v1${path}`,
          headers: { authorization: `Bearer ${key}`, "content-digest": `sha-256=:${await digest}:` },
        },
      );
      return server.send("POST", `/api/v1${path}`, text(body), message.headers as Record<string, string>);
    };
    const all = ["@method", "@path", "@query", "content-digest", "authorization"];
    const enrolled = await send("/host-key-pairs", { ...place("library"), public_key: keyid }, all);
    expect(enrolled.body).toMatchObject({ state: "pending" });
    const pair = await findKeyPair(server, enrolled.body.fingerprint);
    await server.api("POST", `/host-key-pairs/${pair.id}/confirm`, { fingerprint: pair.fingerprint });
    const call = callOf("library", "create_agent_user");
    expect((await send("/host-calls", call, all)).status).toBe(200);
    for (const left of all) {
      const { status } = await send(
        "/host-calls",
        call,
        all.filter((field) => field !== left),
      );
      expect({ left, status }).toEqual({ left, status: 401 });
    }
    expect((await send("/host-calls", call, all, "hmac-sha256")).status).toBe(401);
  });
});
