import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { buildStudio, openStudio } from "../support/browser-studio.ts";
import { rawRequest } from "../support/raw-request.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;
/** Another program of this machine, such as a development server. It writes down the cookies it is sent. */
let other: Server;
let otherPort: number;
const seen: string[] = [];
let entry: string;

beforeAll(async () => {
  await buildStudio();
  other = createServer((request, response) => {
    seen.push(request.headers.cookie ?? "");
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Another program</title>");
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  otherPort = (other.address() as AddressInfo).port;
  [server, browser] = await Promise.all([
    startTestServer(),
    launchBrowser([
      "--host-resolver-rules=MAP rebind.test 127.0.0.1",
      // Whether the browser itself would stop such a page is not what is shown here.
      "--disable-features=LocalNetworkAccessChecks",
    ]),
  ]);
  entry = (
    await server.api("POST", "/vault/entries", {
      name: "counted",
      enrolment: "otpauth://hotp/Bank:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&counter=0",
    })
  ).body.id;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await new Promise((resolve) => other.close(resolve));
});

/** All that a forged request could change. */
async function everything() {
  const db = server.database.kysely;
  const [entries, agents, keys, members, links] = await Promise.all([
    db.selectFrom("vault_entry").selectAll().execute(),
    db.selectFrom("agent_user").selectAll().execute(),
    db.selectFrom("service_key").select(["id", "name"]).execute(),
    db.selectFrom("workspace_member").selectAll().execute(),
    db.selectFrom("studio_session").select(["id", "proof_hash", "proved_at"]).orderBy("id").execute(),
  ]);
  return { entries, agents, keys, members, links };
}
const refusals = async () =>
  server.database.kysely
    .selectFrom("audit_event")
    .select(["reason", "result"])
    .where("action", "=", "studio.session_refused")
    .execute();

const targets = () => [
  `/api/v1/vault/entries/${entry}/code`,
  `/api/v2/totp/code/${entry}`,
  "/v0/vault/counted/totp",
  "/api/v1/whoami",
];

/** Everything a page can send to another origin. Answers with what it could read of it. */
const forge = (page: Page, url: string): Promise<string[]> =>
  page.evaluate(async (address) => {
    const read: string[] = [];
    const note = (text: string) => void read.push(text);
    for (const mode of ["cors", "no-cors"] as const)
      for (const method of ["GET", "POST"])
        await fetch(address, { mode, method, credentials: "include" })
          .then(async (response) => note(`${mode} ${response.type} ${await response.text()}`))
          .catch(() => note("nothing"));
    navigator.sendBeacon(address, "{}");
    const load = (element: HTMLElement) =>
      new Promise<void>((resolve) => {
        element.onload = element.onerror = () => resolve();
        document.body.append(element);
      });
    await load(Object.assign(document.createElement("img"), { src: address }));
    await load(Object.assign(document.createElement("script"), { src: address }));
    const frame = Object.assign(document.createElement("iframe"), { src: address, name: "frame" });
    await load(frame);
    const events = new EventSource(address, { withCredentials: true });
    await new Promise<void>((resolve) => {
      events.onerror = events.onopen = () => resolve();
    });
    note(`events ${events.readyState === EventSource.OPEN ? "open" : "nothing"}`);
    events.close();
    const sink = Object.assign(document.createElement("iframe"), { name: "sink" });
    document.body.append(sink);
    const form = Object.assign(document.createElement("form"), {
      action: address,
      method: "post",
      target: "sink",
    });
    document.body.append(form);
    const submitted = load(sink);
    form.submit();
    await submitted;
    return read.filter((text) => !["nothing", "events nothing", "no-cors opaque "].includes(text));
  }, url);

async function signedIn(): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const { context, page } = await openStudio({ browser, server });
  return { context, page };
}

describe("H1: a cookie that was taken", () => {
  it("goes to another program on this machine, and opens nothing there, with any header", async () => {
    const { context, page } = await signedIn();
    await page.goto(`http://127.0.0.1:${otherPort}/`);
    const cookie = seen.find((sent) => sent.includes("__Host-totem=")) ?? "";
    expect(cookie).toContain("__Host-totem=totem_session_");
    const before = await everything();
    for (const path of [...targets(), "/api/v1/keys", "/api/v1/people/me", "/api/v1/people/me/sessions"]) {
      const rows = (await refusals()).length;
      for (const headers of [{}, { "x-totem-csrf": "1" }, { "x-totem-proof": "A".repeat(43) }] as Record<
        string,
        string
      >[]) {
        const { status, text } = await rawRequest(`${server.url}${path}`, {
          headers: { cookie, ...headers },
        });
        expect([401, 403], path).toContain(status);
        expect(text).not.toMatch(/"code":"\d|totem_key/);
      }
      expect((await refusals()).length).toBe(rows + 3);
    }
    const made = await rawRequest(`${server.url}/api/v1/keys`, {
      method: "POST",
      headers: { cookie, "x-totem-csrf": "1" },
      body: { name: "stolen", scopes: ["admin"] },
    });
    expect(made.status).toBe(401);
    expect(await everything()).toEqual(before);
    await context.close();
  });
});

describe("H2: a page of another origin that has the browser send the cookie", () => {
  it.each([
    ["another port of this address", () => `http://127.0.0.1:${otherPort}/`],
    ["a sibling name of this machine", () => `http://sibling.localhost:${otherPort}/`],
  ])("gets nothing and changes nothing: %s", async (_, origin) => {
    const { context, page } = await signedIn();
    await page.goto(origin());
    const before = await everything();
    const rows = (await refusals()).length;
    for (const path of targets()) expect(await forge(page, `${server.url}${path}`), path).toEqual([]);
    expect(await everything()).toEqual(before);
    const since = (await refusals()).slice(rows);
    // From another site the browser sends no cookie at all: it is strict.
    if (origin().includes("127.0.0.1")) expect(since.length).toBeGreaterThanOrEqual(targets().length);
    for (const row of since) expect(row.result).toBe("refused");
    await context.close();
  });

  it("may lead to the studio by a link, which opens as it was", async () => {
    const { context, page } = await signedIn();
    await page.goto(`http://127.0.0.1:${otherPort}/`);
    await page.evaluate((url) => {
      document.body.innerHTML = `<a href="${url}">Totem</a>`;
    }, server.url);
    await page.getByRole("link", { name: "Totem" }).click();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    await context.close();
  });
});

describe("H14: a page whose name was given this server's address", () => {
  it("gets no HTML and no answer", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const { port } = new URL(server.url);
    const answer = await page.goto(`http://rebind.test:${port}/`);
    expect([answer?.status(), answer?.headers()["content-type"]]).toEqual([
      403,
      expect.stringContaining("application/problem+json"),
    ]);
    expect(await page.content()).not.toMatch(/<script|Totem studio/);
    // The page of the attacker was loaded before the name was given this server's address.
    await page.route(`http://rebind.test:${port}/theirs`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Theirs</title>" }),
    );
    await page.goto(`http://rebind.test:${port}/theirs`);
    const heard = await page.evaluate(async () => {
      const paths = [
        "/",
        "/w/x",
        "/assets/x.js",
        "/openapi.json",
        "/api/v1/people/ways",
        "/api/v1/auth/claim",
      ];
      const all = await Promise.all(
        paths.flatMap((path) => [
          fetch(path),
          fetch(path, { method: "POST" }),
          fetch(path, { headers: { authorization: "Bearer x" } }),
        ]),
      );
      return all.map(({ status }) => status);
    });
    expect(new Set(heard)).toEqual(new Set([403]));
    await context.close();
  });
});
