import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ProxyAgent, request as send } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localhostCertificate, localhostKey } from "../../support/localhost-certificate.ts";
import { addProgramBehindProxy } from "../../support/program-behind-proxy.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const cli = join(import.meta.dirname, "../../../server/cli.ts");
const token = "ghp_process/canary+4711";
const folder = mkdtempSync(join(tmpdir(), "totem-proxy-"));
let server: TestServer;
let homes: readonly Server[];
let proxy: Awaited<ReturnType<typeof startProxyProcess>>;
const received: (string | undefined)[] = [];

const portOf = (home: Server | undefined) => (home?.address() as AddressInfo | undefined)?.port ?? 0;

async function startHome(): Promise<Server> {
  const home = createServer({ key: localhostKey, cert: localhostCertificate }, ({ headers }, response) => {
    received.push(headers.authorization);
    response.setHeader("content-type", "text/plain");
    response.end(`heard ${headers.authorization}`);
  }).listen(0, "localhost");
  await once(home, "listening");
  return home;
}

/** `totem proxy` beside the server, as an operator starts it. */
async function startProxyProcess(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [cli, "proxy"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TOTEM_PROXY_PORT: "0", TOTEM_LOG_LEVEL: "info", ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const gone = once(child, "close");
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const [, found] = /^The proxy for programs is ready at (\S+)$/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once("close", () => reject(new Error(`The proxy ended before it was ready. ${said}`)));
  });
  return { url, child, gone, said: () => said };
}

beforeAll(async () => {
  homes = await Promise.all([startHome(), startHome()]);
  const outside = join(folder, "outside.pem");
  writeFileSync(outside, localhostCertificate);
  const shared = {
    TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
    TOTEM_ALLOWED_URLS: homes.map((home) => `https://localhost:${portOf(home)}`).join(","),
  };
  server = await startTestServer({ settings: shared });
  proxy = await startProxyProcess({
    ...shared,
    DATABASE_URL: server.database.url ?? "",
    TOTEM_DATA: folder,
    // The server outside is real to the proxy: it checks its certificate.
    NODE_EXTRA_CA_CERTS: outside,
  });
}, 60_000);
afterAll(async () => {
  proxy?.child.kill("SIGKILL");
  await server?.stop();
  for (const home of homes ?? []) home.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("H11: totem proxy, a process beside the servers of a PostgreSQL", () => {
  it("puts secrets in with the certificate that it names, ends tunnels when a credential is revoked, and stops at a signal", async () => {
    const [home, other] = homes.map(portOf);
    const program = await addProgramBehindProxy(server, {
      name: "process",
      data: { token },
      origins: [`https://localhost:${home}`],
    });
    const [, file = ""] = /certificate in: (.+)$/m.exec(proxy.said()) ?? [];
    const authorization = `Basic ${Buffer.from(program.login).toString("base64")}`;
    const dispatcher = new ProxyAgent({
      uri: proxy.url,
      token: authorization,
      requestTls: { ca: readFileSync(file, "utf8") },
    });
    const answer = await send(`https://localhost:${home}/`, {
      dispatcher,
      headers: { authorization: "Bearer {{vault.process.token}}" },
    });
    expect([answer.statusCode, await answer.body.text()]).toEqual([200, "heard Bearer ••••••"]);
    expect(received).toEqual([`Bearer ${token}`]);
    // The same authority as every server of this database.
    expect((await server.api("GET", "/proxy")).body.certificate).toBe(readFileSync(file, "utf8"));

    // No entry belongs there: passed through, byte for byte, and open until the credential is over.
    const { hostname, port } = new URL(proxy.url);
    const tunnel = connect(Number(port), hostname);
    tunnel.write(
      `CONNECT localhost:${other} HTTP/1.1\r\nhost: localhost:${other}\r\nproxy-authorization: ${authorization}\r\n\r\n`,
    );
    const [head] = await once(tunnel.setEncoding("utf8"), "data");
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    const ended = once(tunnel, "close");
    expect((await server.api("DELETE", `/proxy-credentials/${program.id}`)).status).toBe(204);
    await ended;
    // The connection that was open ended too, and no other is opened.
    await expect(send(`https://localhost:${home}/`, { dispatcher })).rejects.toThrow("407");
    await dispatcher.destroy();
    expect(received).toHaveLength(1);

    proxy.child.kill("SIGTERM");
    expect(await proxy.gone).toEqual([0, null]);
    expect(proxy.said()).not.toContain(token);
    expect(proxy.said()).not.toContain(program.login.split(":")[1]);
  }, 20_000);
});
