import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls, getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type Agent, ProxyAgent, request as send } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { makeAuthorityCertificate, makeHostCertificate } from "../../../server/proxy/certificate.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { localhostCertificate, localhostKey } from "../../support/localhost-certificate.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const token = "ghp_Tr0ub4dor&3/canary+value";
const password = "cor\"rect-horse:battery'staple";
const trusted = getCACertificates();

interface Received {
  readonly host: string;
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}
const received: Received[] = [];
let server: TestServer;
let proxyUrl: string;
let authority: string;
let home: { server: Server; port: number };
let other: { server: Server; port: number };
/** Says that it is localhost, and no authority that anybody knows says so. */
let unproven: { server: Server; port: number };

/** A server with TLS that repeats what it was sent, in the way that the path asks for. */
async function startEcho(
  name: string,
  proof = { key: localhostKey, cert: localhostCertificate },
): Promise<{ server: Server; port: number }> {
  const echo = createServer(proof, (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString();
      const { headers, url = "" } = request;
      received.push({ host: name, url, headers, body });
      const heard = JSON.stringify({ url, headers, body });
      if (url.startsWith("/gzip") || url.startsWith("/br")) {
        const [packed, how] = url.startsWith("/br")
          ? [brotliCompressSync(heard), "br"]
          : [gzipSync(heard), "gzip"];
        response.writeHead(200, { "content-type": "application/json", "content-encoding": how });
        return void response.end(packed);
      }
      if (url.startsWith("/headers")) {
        response.writeHead(200, {
          "x-heard": encodeURIComponent(heard),
          "set-cookie": [`t=${token}`, "a=b"],
        });
        return void response.end();
      }
      if (url.startsWith("/away")) {
        response.writeHead(302, { location: `https://localhost:${other.port}/landed` });
        return void response.end();
      }
      if (url.startsWith("/letters")) {
        // One letter at a time, each in a chunk of its own.
        response.writeHead(200, { "content-type": "text/plain" });
        for (const letter of `begin ${headers.authorization} end`) response.write(letter);
        return void response.end();
      }
      if (url.startsWith("/events")) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`data: ${headers.authorization}\n\n`);
        waiting.push(() => response.end("data: over\n\n"));
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ heard, base64: Buffer.from(heard).toString("base64") }));
    });
  }).listen(0, "localhost");
  echo.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
  await new Promise((resolve) => echo.once("listening", resolve));
  return { server: echo, port: (echo.address() as AddressInfo).port };
}
const waiting: (() => void)[] = [];

beforeAll(async () => {
  const validity = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2126-01-01T00:00:00Z") };
  const signer = { name: "Nobody", key: makeAuthorityCertificate("Nobody", validity).key };
  const { certificate, key } = makeHostCertificate("localhost", validity, signer);
  const proof = { cert: certificate, key: key.export({ type: "pkcs8", format: "pem" }).toString() };
  [home, other] = [await startEcho("home"), await startEcho("other")];
  unproven = await startEcho("unproven", proof);
  // The servers outside are real to the proxy: it checks their certificates.
  setDefaultCACertificates([...trusted, localhostCertificate]);
  server = await startTestServer({
    settings: {
      TOTEM_PROXY_PORT: "0",
      TOTEM_ALLOWED_URLS: [
        `https://localhost:${home.port}`,
        `https://localhost:${other.port}`,
        `https://localhost:${unproven.port}`,
        `https://127.0.0.1:${home.port}/only/below`,
      ].join(","),
    },
  });
  proxyUrl = server.proxy?.url ?? "";
  authority = readFileSync(server.proxy?.certificateFile ?? "", "utf8");
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await server.stop();
  home.server.close();
  other.server.close();
  unproven.server.close();
});

/** An agent with an entry at the home server, and a program that acts for it. */
async function addProgram(
  name: string,
  { tools = [], ...agent }: { may_reach?: string; tools?: readonly WorkflowNode[] } = {},
) {
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent", agent),
        node("model", "ai_model"),
        node("create", "create_agent_user"),
        ...tools,
      ],
      edges: [
        flowEdge("chat", "agent"),
        modelEdge("model"),
        toolEdge("create"),
        ...tools.map(({ id }) => toolEdge(id)),
      ],
    },
    name,
  );
  const { username } = (await server.call(slug, "create")).body as { username: string };
  const stored = await server.api("POST", "/vault/entries", {
    name: `${name} login`,
    data: { username: "ada-lovelace", password, token },
    origins: [`https://localhost:${home.port}`, `https://localhost:${unproven.port}`],
  });
  expect(stored.status, stored.text).toBe(201);
  await server.api("PUT", `/vault/entries/${stored.body.id}/grants`, {
    grantee: { kind: "agent_user", name: username },
    rights: ["data"],
    outside_canvas: true,
  });
  const made = await server.api("POST", "/proxy-credentials", { agent_user: username });
  expect(made.status, made.text).toBe(201);
  const login = `${username}:${made.body.credential}`;
  const secret = (field: string) => `{{vault.${name} login.${field}}}`;
  return { username, entryId: stored.body.id as string, ...made.body, login, secret } as {
    username: string;
    entryId: string;
    id: string;
    credential: string;
    login: string;
    secret: (field: string) => string;
  };
}

const agents: Agent[] = [];
/** What a program uses: it trusts the proxy's authority, and no other. */
function throughProxy(login: string | undefined, ca = authority): ProxyAgent {
  const agent = new ProxyAgent({
    uri: proxyUrl,
    requestTls: { ca },
    ...(login === undefined ? {} : { token: `Basic ${Buffer.from(login).toString("base64")}` }),
  });
  agents.push(agent as never);
  return agent;
}
afterAll(() => Promise.all(agents.map((agent) => agent.destroy())));

const homeUrl = (path = "/") => `https://localhost:${home.port}${path}`;
const otherUrl = (path = "/") => `https://localhost:${other.port}${path}`;

/** Nothing that the program got, and nothing that Totem wrote down. */
async function expectNowhere(...got: unknown[]): Promise<void> {
  const { kysely } = server.database;
  const rows = await kysely.selectFrom("audit_event").selectAll().execute();
  const text = JSON.stringify([got, rows, server.log]);
  for (const value of [token, password])
    for (const form of [
      value,
      JSON.stringify(value).slice(1, -1),
      JSON.stringify(JSON.stringify(value)).slice(1, -1),
      encodeURIComponent(value),
      Buffer.from(value).toString("base64").slice(4, -4),
    ])
      expect(text.includes(form), form).toBe(false);
}

describe("H11: a program behind the proxy", () => {
  it("has its secrets put into headers, query and body, and gets none of them back", async () => {
    const { login, secret, entryId, username } = await addProgram("Canary");
    const answer = await send(homeUrl(`/repos?key=${encodeURIComponent(secret("token"))}&x=%2B`), {
      method: "POST",
      dispatcher: throughProxy(login),
      headers: {
        authorization: `Bearer ${secret("token")}`,
        "content-type": "application/json",
        "x-basic": "no",
      },
      body: `{"big":12345678901234567890,"password":${JSON.stringify(secret("password"))}}`,
    });
    const text = await answer.body.text();
    expect([answer.statusCode, text]).toEqual([200, expect.any(String)]);
    const [got] = received;
    expect(got?.headers.authorization).toBe(`Bearer ${token}`);
    expect(new URL(got?.url ?? "", homeUrl()).searchParams.get("key")).toBe(token);
    expect(got?.url).toContain("&x=%2B");
    expect(got?.body).toBe(`{"big":12345678901234567890,"password":${JSON.stringify(password)}}`);
    expect(got?.headers["content-length"]).toBe(String(Buffer.byteLength(got?.body ?? "")));
    expect(got?.headers["proxy-authorization"]).toBeUndefined();
    await expectNowhere(text, answer.headers);
    const { body } = await server.api("GET", `/audit-events?subject=${entryId}`);
    const released = body.audit_events.filter(
      ({ action }: { action: string }) => action === "vault.field_released",
    );
    expect(released.map(({ reason }: { reason: string }) => reason).toSorted()).toEqual([
      `field password to https://localhost:${home.port}`,
      `field token to https://localhost:${home.port}`,
    ]);
    expect(released[0]).toMatchObject({ actor: username, result: "ok" });
  });

  it("gets cleaned answers also where they are packed, in headers, in pieces, and later", async () => {
    const { login, secret } = await addProgram("Cleaned");
    const dispatcher = throughProxy(login);
    const headers = { authorization: `Bearer ${secret("token")}` };
    for (const path of ["/gzip", "/br", "/letters", "/headers"]) {
      const answer = await send(homeUrl(path), { dispatcher, headers: { ...headers } });
      const text = await answer.body.text();
      await expectNowhere(text, answer.headers);
      expect(received.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
      expect([path, answer.statusCode]).toEqual([path, 200]);
      if (path === "/headers")
        expect(answer.headers).toMatchObject({
          "x-heard": expect.stringContaining("******"),
          "set-cookie": ["t=******", "a=b"],
        });
      else expect(text).toContain("••••••");
      if (path === "/letters") expect(text).toBe("begin Bearer •••••• end");
    }
    // This request names none, and the server still knows it.
    const later = await send(homeUrl("/later"), { dispatcher, headers: { "x-known": token } });
    await expectNowhere(await later.body.text());
  });

  it("reads a stream of events while it goes on", async () => {
    const { login, secret } = await addProgram("Events");
    const answer = await send(homeUrl("/events"), {
      dispatcher: throughProxy(login),
      headers: { authorization: `Bearer ${secret("token")}` },
    });
    const events = answer.body[Symbol.asyncIterator]();
    const first = await events.next();
    expect(String(first.value)).toBe("data: Bearer ••••••\n\n");
    for (const end of waiting.splice(0)) end();
    expect(String((await events.next()).value)).toBe("data: over\n\n");
  });

  it("sends Basic credentials as its library encodes them, and forms", async () => {
    const { login, secret } = await addProgram("Basic");
    const pair = Buffer.from(`${secret("username")}:${secret("password")}`).toString("base64");
    const answer = await send(homeUrl(), {
      method: "POST",
      dispatcher: throughProxy(login),
      headers: { authorization: `Basic ${pair}`, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ password: secret("password"), a: "1 2" }).toString(),
    });
    await expectNowhere(await answer.body.text());
    const [, encoded = ""] = String(received[0]?.headers.authorization).split(" ");
    expect(Buffer.from(encoded, "base64").toString()).toBe(`ada-lovelace:${password}`);
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({ password, a: "1 2" });
  });

  it("sends a large or foreign body as it is", async () => {
    const { login } = await addProgram("Large");
    const body = Buffer.alloc(3_000_000, "x\u00ff");
    await send(homeUrl("/letters"), {
      method: "PUT",
      dispatcher: throughProxy(login),
      headers: { "content-type": "text/plain" },
      body,
    }).then((answer) => answer.body.dump());
    expect(received[0]?.body === body.toString()).toBe(true);
    expect(received[0]?.headers["content-length"]).toBe(String(body.length));
  });

  it("gets nothing put in towards another origin, and a redirect there drops it", async () => {
    const { login, secret } = await addProgram("Away");
    const headers = { authorization: `Bearer ${secret("token")}` };
    const dispatcher = throughProxy(login);
    const away = await send(homeUrl("/away"), { dispatcher, headers: { ...headers } });
    expect([away.statusCode, away.headers.location]).toEqual([302, otherUrl("/landed")]);
    // A program that follows with the same header. It trusts the other server itself: nobody reads along.
    const followed = await send(otherUrl("/landed"), {
      dispatcher: throughProxy(login, localhostCertificate),
      headers: { ...headers },
    });
    await followed.body.dump();
    expect(received.at(-1)).toMatchObject({ host: "other", headers });
    expect(JSON.stringify(received.at(-1))).not.toContain(token);
    // The list names this one in part only, so that each request is judged.
    const part = await send(`https://127.0.0.1:${home.port}/only/below/it`, {
      dispatcher,
      headers: { ...headers },
    });
    expect([part.statusCode, await part.body.json()]).toMatchObject([403, { code: "SECRET_NOT_FOR_ORIGIN" }]);
    const beside = await send(`https://127.0.0.1:${home.port}/beside`, { dispatcher });
    expect([beside.statusCode, await beside.body.json()]).toMatchObject([403, { code: "ADDRESS_REFUSED" }]);
  });

  it("reaches nothing that the operator's list does not name, and no private address", async () => {
    const { login } = await addProgram("Unlisted");
    const plain = createPlainServer((_request, response) => response.end("private")).listen(0, "127.0.0.1");
    await new Promise((resolve) => plain.once("listening", resolve));
    const { port } = plain.address() as AddressInfo;
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      "https://169.254.169.254/latest/meta-data",
      "https://elsewhere.example/",
      server.url,
    ]) {
      const answer = await send(url, { dispatcher: throughProxy(login) });
      expect([url, answer.statusCode, await answer.body.json()]).toMatchObject([
        url,
        403,
        { code: "ADDRESS_REFUSED", message: expect.stringMatching(/\.$/) },
      ]);
    }
    plain.close();
  });

  it("is asked who it is, and a credential is good here only, until it is revoked or over", async () => {
    const mine = await addProgram("Mine");
    const yours = await addProgram("Yours");
    const open = throughProxy(mine.login);
    expect((await send(homeUrl("/letters"), { dispatcher: open })).statusCode).toBe(200);
    for (const login of [
      undefined,
      "",
      `${mine.username}:`,
      `${mine.username}:totem_proxy_${"A".repeat(43)}`,
      `${yours.username}:${mine.credential}`,
      `${mine.username}:${server.adminKey}`,
    ])
      await expect(send(homeUrl(), { dispatcher: throughProxy(login) })).rejects.toThrow();
    const { head, body } = await connectRaw(`localhost:${home.port}`);
    expect(head).toMatch(/^HTTP\/1\.1 407 /);
    expect(head).toMatch(/proxy-authenticate: Basic realm="Totem"/i);
    expect(JSON.parse(body)).toMatchObject({ code: "PROXY_CREDENTIAL_NEEDED" });
    expect((await server.as(mine.credential)("GET", "/agent-users")).status).toBe(401);
    const list = await server.api("GET", "/proxy-credentials");
    expect(list.text).not.toContain(mine.credential);
    expect(list.body.proxy_credentials.find(({ id }: { id: string }) => id === mine.id)).toMatchObject({
      agent_user: mine.username,
      last_used_at: expect.any(String),
    });
    expect((await server.api("DELETE", `/proxy-credentials/${mine.id}`)).status).toBe(204);
    // The connection is open already, and this request is a new one; or the proxy has closed it by now.
    const after = await send(homeUrl("/letters"), { dispatcher: open }).catch(() => undefined);
    expect(after?.statusCode ?? 407).toBe(407);
    await server.database.kysely
      .updateTable("proxy_credential")
      .set({ expires_at: new Date("2026-01-01T00:00:00Z") })
      .where("id", "=", yours.id)
      .execute();
    await expect(send(homeUrl(), { dispatcher: throughProxy(yours.login) })).rejects.toThrow();
    expect(received.filter(({ url }) => url === "/")).toEqual([]);
  });

  it("must mean the host that it connected to, in the Host header and in TLS", async () => {
    const { login, secret } = await addProgram("Names");
    const headers = { host: `localhost:${other.port}`, authorization: `Bearer ${secret("token")}` };
    const answer = await send(homeUrl(), { dispatcher: throughProxy(login), headers });
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([421, { code: "HOST_MISMATCH" }]);
    const { socket } = await connectRaw(`localhost:${home.port}`, login);
    const tls = connectTls({ socket, servername: "other.example", ca: authority });
    await expect(
      new Promise((resolve, reject) => tls.once("secureConnect", resolve).once("error", reject)),
    ).rejects.toThrow();
    expect(received).toEqual([]);
  });

  it("gets a sentence where a secret stands in the path, for a WebSocket, and for what is no proxy request", async () => {
    const { login, secret } = await addProgram("Sentences");
    const dispatcher = throughProxy(login);
    const path = await send(homeUrl(`/${encodeURIComponent(secret("token"))}`), { dispatcher });
    expect([path.statusCode, await path.body.json()]).toMatchObject([400, { code: "SECRET_MISPLACED" }]);
    const { socket } = await connectRaw(`localhost:${home.port}`, login);
    const tls = connectTls({ socket, servername: "localhost", ca: authority });
    tls.write(
      `GET / HTTP/1.1\r\nhost: localhost:${home.port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    );
    const text = await new Promise<string>((resolve) => {
      let read = "";
      tls.on("data", (chunk) => {
        read += chunk;
      });
      tls.on("end", () => resolve(read));
    });
    expect(text).toContain("WebSocket");
    const own = await fetch(`${proxyUrl}/`);
    expect([own.status, await own.json()]).toMatchObject([400, { code: "PROXY_REFUSED" }]);
    expect(await (await fetch(`${proxyUrl}/ca.pem`)).text()).toBe(authority);
    expect(received).toEqual([]);
  });

  it("does not reach a server whose certificate nobody vouches for", async () => {
    const { login, secret } = await addProgram("Unproven");
    const answer = await send(`https://localhost:${unproven.port}/`, {
      dispatcher: throughProxy(login),
      headers: { authorization: `Bearer ${secret("token")}` },
    });
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([502, { code: "UPSTREAM_FAILED" }]);
    expect(received).toEqual([]);
  });

  it("uses a grant only where it holds outside the canvas too", async () => {
    const { login, secret, entryId, username } = await addProgram("Inside");
    await server.api("PUT", `/vault/entries/${entryId}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["data"],
      outside_canvas: false,
    });
    const headers = { authorization: `Bearer ${secret("token")}` };
    const list = await server.as(server.adminKey)("GET", `/vault/entries/${entryId}/grants`);
    expect(list.body.grants[0]).toMatchObject({ outside_canvas: false });
    const answer = await send(homeUrl("/inside"), { dispatcher: throughProxy(login), headers });
    expect([answer.statusCode, received]).toEqual([expect.toBeOneOf([403, 404]), []]);
  });

  it("H13: with a wire alone gives the code of an entry, and no field of its data", async () => {
    const { login, secret, entryId, username } = await addProgram("Wired", {
      tools: [node("totp", "vault_totp", { entry: "Wired login" })],
    });
    await server.api("PUT", `/vault/entries/${entryId}/secret`, {
      one_time: { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
    });
    await server.api("PUT", `/vault/entries/${entryId}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes", "data"],
      outside_canvas: false,
    });
    const dispatcher = throughProxy(login);
    const headers = { authorization: `Bearer ${secret("token")}` };
    const refused = await send(homeUrl("/wired"), { dispatcher, headers });
    expect([refused.statusCode, await refused.body.json(), received]).toMatchObject([
      403,
      { code: "FORBIDDEN", message: expect.stringContaining("outside the canvas") },
      [],
    ]);
    await send(homeUrl("/wired"), { dispatcher, headers: { "x-code": secret("code") } });
    expect(received[0]?.headers["x-code"]).toMatch(/^\d{6}$/);
  });

  it("sends only where and how its agent's node says", async () => {
    const { login } = await addProgram("Limited", {
      may_reach: `https://localhost:${other.port} GET\nhttps://elsewhere.example`,
    });
    const dispatcher = throughProxy(login);
    // The list names the host as a whole, and still its requests are looked at: by their methods.
    expect((await send(otherUrl("/letters"), { dispatcher })).statusCode).toBe(200);
    const changed = await send(otherUrl("/letters"), { dispatcher, method: "DELETE" });
    expect([changed.statusCode, await changed.body.json()]).toMatchObject([403, { code: "REACH_REFUSED" }]);
    const beside = await send(homeUrl("/letters"), { dispatcher });
    expect([beside.statusCode, await beside.body.json()]).toMatchObject([403, { code: "REACH_REFUSED" }]);
    expect(received.map(({ host }) => host)).toEqual(["other"]);
  });

  it("is curl, with nothing but its environment", async () => {
    const { login, secret } = await addProgram("Curl");
    const file = join(temporaryFolder(), "ca.pem");
    writeFileSync(file, authority);
    const { stdout } = await promisify(execFile)(
      "curl",
      [
        "-sS",
        "-u",
        `${secret("username")}:${secret("password")}`,
        "-d",
        `t=${secret("token")}`,
        homeUrl("/curl"),
      ],
      {
        env: {
          HTTPS_PROXY: proxyUrl.replace("://", `://${login}@`),
          SSL_CERT_FILE: file,
          CURL_CA_BUNDLE: file,
        },
      },
    );
    await expectNowhere(stdout);
    expect(received[0]?.body).toBe(`t=${encodeURIComponent(token)}`);
    const [, encoded = ""] = String(received[0]?.headers.authorization).split(" ");
    expect(Buffer.from(encoded, "base64").toString()).toBe(`ada-lovelace:${password}`);
  });
});

/** A CONNECT by hand. */
function connectRaw(authority: string, login?: string) {
  const { hostname, port } = new URL(proxyUrl);
  const socket = connect(Number(port), hostname);
  const auth =
    login === undefined ? "" : `proxy-authorization: Basic ${Buffer.from(login).toString("base64")}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${auth}\r\n`);
  return new Promise<{ socket: typeof socket; head: string; body: string }>((resolve) => {
    let read = "";
    const onData = (chunk: Buffer) => {
      read += chunk;
      const [head = "", body] = read.split(/\r\n\r\n(.*)/s);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      socket.off("data", onData);
      socket.pause();
      resolve({ socket, head, body });
    };
    socket.on("data", onData);
  });
}
