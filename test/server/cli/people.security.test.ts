import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../../server/logger.ts";
import { readSettings } from "../../../server/settings.ts";
import { startServer } from "../../../server/start-server.ts";
import { addPerson } from "../../support/add-person.ts";
import { signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer } from "../../support/start-test-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const cli = join(import.meta.dirname, "../../../server/cli.ts");

/** `totem people …` as a process of its own. */
const totem = (args: string[], env: Record<string, string | undefined>) =>
  new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, "people", ...args],
      { env: { ...process.env, DATABASE_URL: undefined, ...env } as NodeJS.ProcessEnv },
      (_error, out, errors) => resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });

const tokenIn = (out: string) => out.trim().split("#sign-in=")[1] ?? "";

describe("H8: totem people, beside a server that holds the embedded database", () => {
  const serverKey = random.bytes(32).toString("base64url");
  const start = async () => {
    const folder = temporaryFolder();
    const server = await startServer(
      readSettings({
        TOTEM_DATA: folder,
        TOTEM_PORT: "0",
        TOTEM_ADMIN_KEY: serverKey,
        TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
      }),
      { logger: createLogger("silent") },
    );
    onTestFinished(server.stop);
    const send = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const answer = await fetch(server.url + path, {
        method,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: text ? JSON.parse(text) : text };
    };
    const env = { TOTEM_DATA: folder, TOTEM_ADMIN_KEY: serverKey, TOTEM_URL: server.url };
    return { url: server.url, env, server: { send, adminKey: serverKey } };
  };

  it("makes the first owner without an address, then signs that person in again", async () => {
    const { url, env, server } = await start();
    expect((await totem(["list"], env)).out).toContain("There are no people yet");
    const first = await totem(["link"], env);
    expect(first).toMatchObject({ code: 0, errors: expect.stringContaining("Makes the first owner") });
    expect(first.out).toMatch(
      new RegExp(`^${url.replace("127.0.0.1", "localhost")}/#sign-in=totem_link_[\\w-]{43}\\n$`),
    );
    const owner = await signInPerson(server, { link: tokenIn(first.out) });
    await owner.send("PATCH", "/people/me", { name: "Ada", email: "ada@example.com" });
    const { id } = (await owner.send("GET", "/people/me")).body;

    const listed = await totem(["list"], env);
    expect(listed.out).toContain(`${id}  Ada <ada@example.com> (owner), workspace default, last seen`);
    for (const args of [["link"], ["link", "Ada@Example.com"], ["link", id]]) {
      const { code, out } = await totem(args, env);
      expect(code).toBe(0);
      const again = await signInPerson(server, { link: tokenIn(out) });
      expect((await again.send("GET", "/people/me")).body).toMatchObject({ id, signed_in_by: "link" });
    }
    // Every session ends with the factors, that of the first link too.
    expect((await totem(["link", id, "--lost-factors"], env)).code).toBe(0);
    expect((await owner.send("GET", "/whoami")).status).toBe(401);
  });

  it("says in a sentence that an address is unknown, and that a server is not found", async () => {
    const { env } = await start();
    const unknown = await totem(["link", "nobody@example.com"], env);
    expect(unknown).toMatchObject({ code: 1, out: "" });
    expect(unknown.errors).toContain("totem: No person of the server's own workspace has this address.");
    const lost = await totem(["link"], { ...env, TOTEM_URL: "http://127.0.0.1:1" });
    expect(lost).toMatchObject({ code: 1, errors: expect.stringContaining("Set TOTEM_URL") });
    const wrongKey = await totem(["link"], {
      ...env,
      TOTEM_ADMIN_KEY: "another-key-that-is-long-enough-0123",
    });
    expect(wrongKey).toMatchObject({ code: 1, errors: expect.stringContaining("administrator's key") });
  });
});

it("H8: opens a data folder that no server uses, and lists itself in --help", async () => {
  const env = { TOTEM_DATA: temporaryFolder(), TOTEM_PUBLIC_URL: "https://totem.example.com" };
  expect((await totem(["link"], env)).out).toMatch(/^https:\/\/totem\.example\.com\/#sign-in=totem_link_/);
  expect((await totem(["--help"], env)).out).toContain("link <email>");
  expect(await totem(["link", "a@example.com", "more"], env)).toMatchObject({ code: 2, out: "" });
  const nowhere = await totem(["link"], { TOTEM_DATA: join(env.TOTEM_DATA, "none") });
  expect(nowhere).toMatchObject({ code: 1, errors: expect.stringContaining("no such folder") });
});

describe("H8: the route behind totem people", () => {
  it("answers the administrator's own key only: no person, no service key", async () => {
    const server = await startTestServer();
    onTestFinished(server.stop);
    const owner = await signInPerson(server);
    const { key } = (await owner.send("POST", "/keys", { name: "wide", scopes: ["admin"] })).body;
    for (const api of [owner.send, server.as(key)]) {
      expect((await api("POST", "/people/links", {})).status).toBe(403);
      expect((await api("GET", "/people/links")).status).toBe(403);
    }
    expect((await server.api("POST", "/people/links", {})).status).toBe(201);
    expect((await server.send("POST", "/api/v1/people/links", {})).status).toBe(401);
  });

  it("signs no one in without an address where there are several, and each by their own", async () => {
    const server = await startTestServer();
    onTestFinished(server.stop);
    await signInPerson(server);
    const other = (await server.api("POST", "/workspaces", { name: "Other" })).body;
    const [here, there] = [
      await addPerson(server, { roles: ["operator"] }),
      await addPerson(server, { roles: ["owner"], workspaceId: other.id }),
    ];
    const several = await server.api("POST", "/people/links", {});
    expect(several).toMatchObject({
      status: 400,
      body: { title: expect.stringContaining("Several people") },
    });
    const { body } = await server.api("POST", "/people/links", { email: here.email });
    expect(body.person).toMatchObject({ id: here.id });
    const session = await signInPerson(server, { link: tokenIn(body.link) });
    // A link proves no person who has a factor.
    expect((await session.send("GET", "/people/me")).body).toMatchObject({ id: here.id, proved_until: null });
    // The server's key is that of one workspace.
    const elsewhere = await server.api("POST", "/people/links", { email: there.email });
    expect(elsewhere.body.code).toBe("PERSON_NOT_FOUND");
    expect((await server.api("GET", "/people/links")).text).not.toContain(there.id);
    await server.api("DELETE", `/people/${here.id}`);
    const gone = await server.api("POST", "/people/links", { email: here.email });
    expect(gone.body.code).toBe("PERSON_NOT_FOUND");
    const { audit_events } = (await server.api("GET", "/audit-events?action=sign_in_link.created")).body;
    expect(audit_events).toContainEqual(
      expect.objectContaining({ actor: "totem_admin", subject: here.id, reason: "command line" }),
    );
  });

  it.runIf(process.env.DATABASE_URL)("makes a link in a PostgreSQL that a server uses", async () => {
    const master = random.bytes(32).toString("base64");
    const server = await startTestServer({ settings: { TOTEM_MASTER_KEY: master } });
    onTestFinished(server.stop);
    await signInPerson(server);
    const env = {
      DATABASE_URL: server.database.url,
      TOTEM_MASTER_KEY: master,
      TOTEM_PUBLIC_URL: "https://totem.example.com",
    };
    const { code, out } = await totem(["link"], env);
    expect(code).toBe(0);
    const session = await signInPerson(server, { link: tokenIn(out) });
    expect((await session.send("GET", "/people/me")).body.roles).toEqual(["owner"]);
  });
});
