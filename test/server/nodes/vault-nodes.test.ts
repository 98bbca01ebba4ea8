import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PNG } from "pngjs";
import encodeQR from "qr";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { independentCode } from "../../support/independent-code.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
let outside: Server;
let outsideUrl: string;
const received: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const uri = `otpauth://totp/Service:ada?secret=${seed}&issuer=Service`;
const sha1 = { algorithm: "SHA1", digits: 6, period: 30 } as const;

beforeAll(async () => {
  // A service outside that repeats what it was sent, as careless ones do.
  outside = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ you_sent: body, header: request.headers["x-code"] ?? null }));
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => outside.once("listening", resolve));
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: outsideUrl } });
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  outside.close();
  await server.stop();
});

const tools = [
  "create_agent_user",
  "get_totp_code",
  "vault_store",
  "vault_totp",
  "http_request",
  "platform_api",
];

/** An agent with all of these tools, each under its type as id; settings by type. */
async function addAgent(
  name: string,
  steps: ScriptStep[] = [{ say: "Done." }],
  config: Record<string, object> = {},
) {
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent"),
        node("model", "ai_model", { steps: steps as never }),
        ...tools.map((type) => {
          // The test calls with the key; a model would get a handle for it.
          const otherwise = type === "create_agent_user" ? { reveal: "value" } : {};
          return node(type, type, (config[type] ?? otherwise) as never);
        }),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model"), ...tools.map((type) => toolEdge(type))],
    },
    name,
  );
  const { body } = await server.call(slug, "create_agent_user");
  await giveEveryTool(server, body.username);
  return { slug, key: body.api_key as string, username: body.username as string };
}

const qrPicture = (text: string): string => {
  const rows = encodeQR(text, "raw", { border: 4 });
  const scale = 5;
  const side = rows.length * scale;
  const png = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      png.data.fill(
        rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 0 : 255,
        (y * side + x) * 4,
        (y * side + x) * 4 + 3,
      );
  for (let at = 3; at < png.data.length; at += 4) png.data[at] = 255;
  return `data:image/png;base64,${PNG.sync.write(png).toString("base64")}`;
};

describe("vault_store", () => {
  it("keeps a login with its second factor for its own agent, and gives the first code", async () => {
    const { slug, key, username } = await addAgent("Signs up");
    const { body } = await server.call(slug, "vault_store", {
      name: "service",
      username: "ada",
      password: "hidden-password",
      otpauth: uri,
      backup_codes: ["one", "two"],
    });
    expect(body).toMatchObject({ success: true, name: "service", has_totp: true, warnings: [] });
    expect(body.totp_code).toMatch(/^\d{6}$/);
    const entry = (await server.api("GET", `/vault/entries/${body.id}`)).body;
    expect(entry).toMatchObject({ owner: { kind: "agent_user", name: username }, backup_codes_remaining: 2 });
    const own = await server.as(key)("GET", `/vault/entries/${body.id}/data`);
    expect(own.body.data).toEqual({ username: "ada", password: "hidden-password" });
    const totp = (await server.call(slug, "vault_totp", { name: "service" })).body;
    expect(totp).toMatchObject({ success: true, name: "service", period: 30, backup_codes_remaining: 2 });
  });

  it("reads the QR code it was shown, also light on dark, and says why it cannot", async () => {
    const { slug } = await addAgent("Sees");
    const stored = await server.call(slug, "vault_store", { name: "by picture", qr_image: qrPicture(uri) });
    expect(stored.body).toMatchObject({ success: true, has_totp: true });
    for (const [qr_image, reason] of [
      [qrPicture("https://example.com"), "otpauth"],
      ["data:image/png;base64,AAAA", "cannot be read"],
      ["data:image/gif;base64,AAAA", "PNG or JPEG"],
      ["https://example.com/qr.png", "PNG or JPEG"],
    ] as const) {
      const { body, text } = await server.call(slug, "vault_store", { name: "no", qr_image });
      expect([body.success, body.code]).toEqual([false, "ENROLMENT_REFUSED"]);
      expect(body.error).toContain(reason);
      expect(text).not.toContain("example.com");
    }
  });

  it("makes a password the model never sees, which its handle puts into one request", async () => {
    const { slug, key } = await addAgent("Makes passwords");
    const stored = (
      await server.call(slug, "vault_store", {
        name: "site",
        username: "ada",
        generate_password: true,
        url: `${outsideUrl}/sign-up`,
      })
    ).body;
    const { password } = (await server.as(key)("GET", `/vault/entries/${stored.id}/data`)).body.data;
    expect(password).toMatch(/^[\w-]{24}$/);
    expect(JSON.stringify(stored)).not.toContain(password);
    expect(stored.password_handle).toMatch(/^totem:password:[\w-]{22}$/);
    const sent = await server.call(slug, "http_request", {
      method: "POST",
      url: `${outsideUrl}/sign-up`,
      body: { user: "ada", password: stored.password_handle },
    });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({ user: "ada", password });
    expect(sent.body).toMatchObject({ success: true, status: 200 });
    expect(sent.text).not.toContain(password);
    const again = await server.call(slug, "http_request", {
      url: outsideUrl,
      headers: { "x-code": stored.password_handle },
    });
    expect(again.body.code).toBe("HANDLE_REFUSED");
    expect(received).toHaveLength(1);
  });
});

describe("vault_totp", () => {
  it("reads what its own agent owns or was granted, and nothing else", async () => {
    const [mine, other] = [await addAgent("Reader"), await addAgent("Other")];
    const { id } = (await server.api("POST", "/vault/entries", { name: "bank", one_time: { secret: seed } }))
      .body;
    const asked = () => server.call(mine.slug, "vault_totp", { name: "bank" }).then(({ body }) => body);
    expect((await asked()).code).toBe("VAULT_ENTRY_NOT_FOUND");
    await server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: mine.username },
      rights: ["codes"],
    });
    const before = new Date();
    const { totp_code, server_time } = await asked();
    expect(new Date(server_time).getTime()).toBeGreaterThanOrEqual(before.getTime() - 1_000);
    expect(totp_code).toBe(independentCode(seed, sha1, new Date(server_time)));
    expect((await server.call(other.slug, "vault_totp", { name: "bank" })).body.code).toBe(
      "VAULT_ENTRY_NOT_FOUND",
    );
    const { body } = await server.api("GET", `/audit-events?subject=${id}`);
    expect(body.audit_events[0]).toMatchObject({
      action: "vault.code_read",
      on_behalf_of: mine.username,
      node_id: "vault_totp",
      result: "ok",
    });
    await server.api("POST", `/agent-users/${mine.username}/disable`);
    expect((await asked()).code).toBe("AGENT_USER_NOT_FOUND");
  });

  it("says what to do where neither the node nor the model names an entry", async () => {
    const { slug } = await addAgent("Unnamed");
    const { body } = await server.call(slug, "vault_totp");
    expect(body).toMatchObject({ success: false, code: "INPUT_INVALID" });
    expect(JSON.stringify(body)).toContain("none is set on the node");
  });
});

describe("G6: the model need not see it", () => {
  const handle = { reveal: "handle" };

  it("a run in handle mode logs in outside, and no code or key is anywhere a model or a page can see", async () => {
    const agent = await addAgent("Blind first");
    await server.as(agent.key)("POST", "/vault/entries", {
      name: "service",
      one_time: { secret: seed },
      origins: [outsideUrl],
    });
    const steps: ScriptStep[] = [
      { tool: "vault_totp", arguments: { name: "service" } },
      {
        tool: "http_request",
        arguments: {
          method: "POST",
          url: `${outsideUrl}/login`,
          headers: { "x-code": "{{vault_totp.totp_code}}" },
          body: { code: "{{vault_totp.totp_code}}" },
        },
      },
      { say: "Sent {{vault_totp.totp_code}}; heard {{http_request.body}}" },
    ];
    const config = { vault_totp: { entry: "service", ...handle } };
    const blind = await addAgent("Blind", steps, config);
    const { body: entry } = await server.as(agent.key)("GET", "/vault/entries");
    await server.as(agent.key)("PUT", `/vault/entries/${entry.entries[0].id}/grants`, {
      grantee: { kind: "agent_user", name: blind.username },
      rights: ["codes"],
    });
    const { id } = (await server.api("POST", `/workflows/${blind.slug}/runs`, { input: "Go." })).body;
    await expect
      .poll(async () => (await server.api("GET", `/runs/${id}`)).body.finished_at, { timeout: 60_000 })
      .not.toBe(null);
    const run = await server.api("GET", `/runs/${id}`);
    expect(run.body.status).toBe("succeeded");
    const code = JSON.parse(received[0]?.body ?? "{}").code;
    expect(code).toMatch(/^\d{6}$/);
    expect(received[0]?.headers["x-code"]).toBe(code);
    const events = await server.database.kysely
      .selectFrom("run_event")
      .selectAll()
      .where("run_id", "=", id)
      .execute();
    const everything = JSON.stringify([run.body, events.map(({ data }) => data), server.log]);
    expect(withoutRandom(everything)).not.toMatch(new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`));
    expect(run.body.output).toContain("Sent");
  });

  it("a handle is good for its own agent, once, within the window of its code", async () => {
    const [first, second] = [
      await addAgent("Handles", undefined, { get_totp_code: handle, create_agent_user: handle }),
      await addAgent("No handles"),
    ];
    const { agent_user } = { agent_user: (await server.call(first.slug, "create_agent_user")).body };
    expect(agent_user.api_key).toMatch(/^totem:key:[\w-]{22}$/);
    const keyOf = await server.database.kysely.selectFrom("one_time_handle").select("id").execute();
    expect(keyOf.length).toBeGreaterThan(0);
    const { totp_code } = (await server.call(first.slug, "get_totp_code")).body;
    expect(totp_code).toMatch(/^totem:code:[\w-]{22}$/);
    const redeem = (key: string, value: string) =>
      server.as(key)("POST", "/handles/redeem", { handle: value });
    expect((await redeem(second.key, totp_code)).body.code).toBe("HANDLE_REFUSED");
    expect((await redeem(server.adminKey, totp_code)).body.code).toBe("HANDLE_REFUSED");
    expect(
      (await server.call(second.slug, "http_request", { url: outsideUrl, body: totp_code, method: "POST" }))
        .body.code,
    ).toBe("HANDLE_REFUSED");
    expect(
      (await server.call(first.slug, "http_request", { url: `${outsideUrl}/${totp_code}` })).body.code,
    ).toBe("SECRET_MISPLACED");
    const elsewhere = await server.call(first.slug, "http_request", {
      url: "https://elsewhere.example/",
      headers: { a: totp_code },
    });
    expect(elsewhere.body.code).toBe("ADDRESS_REFUSED");
    expect(received).toEqual([]);
  });

  it("takes no header that is not a message's own to set", async () => {
    const { slug } = await addAgent("Headers");
    for (const headers of [
      { Host: "other" },
      { "content-length": "1" },
      { "x-a": "b\r\nx-c: d" },
      { "x y": "z" },
    ])
      expect((await server.call(slug, "http_request", { url: outsideUrl, headers })).body.code).toBe(
        "INPUT_INVALID",
      );
    expect(received).toEqual([]);
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    await server.call(slug, "http_request", {
      method: "POST",
      url: outsideUrl,
      headers: form,
      body: "a=1&b=2",
    });
    expect(received[0]).toMatchObject({ body: "a=1&b=2" });
  });
});
