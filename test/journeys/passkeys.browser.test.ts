import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { addPasskey, atSite, openPasskeyPage, type PasskeyPage } from "../support/passkey-page.ts";
import { sessionOf, signInPerson } from "../support/person-session.ts";
import { random } from "../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let browser: Awaited<ReturnType<typeof launchBrowser>>;
const open: PasskeyPage[] = [];
const newProof = () => random.bytes(32).toString("base64url");

beforeAll(async () => {
  const [started, launched] = await Promise.all([startTestServer({ clock }), launchBrowser()]);
  [server, browser] = [atSite(started), launched];
});
afterEach(async () => {
  for (const page of open.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function device(more: Record<string, unknown> = {}): Promise<PasskeyPage> {
  const page = await openPasskeyPage(browser, server, more);
  open.push(page);
  return page;
}
const signInOptions = async () =>
  (await server.send("POST", "/api/v1/people/auth/passkey/options")).body.options;
const signIn = (response: unknown, proof = newProof()) =>
  server.send("POST", "/api/v1/people/auth/passkey", { response }, { "x-totem-proof": proof });

describe("a passkey", () => {
  it("is added right after the first link, and signs its person in without a name or a password", async () => {
    const laptop = await device();
    const owner = await signInPerson(server);
    const added = await addPasskey(owner, laptop);
    expect([added.status, added.body.name, added.body.last_used_at]).toEqual([201, "Laptop", null]);
    const proof = newProof();
    const answer = await signIn(await laptop.get(await signInOptions()), proof);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const again = sessionOf(server, answer, proof);
    expect((await again.send("GET", "/people/me")).body).toMatchObject({
      id: (await owner.send("GET", "/people/me")).body.id,
      signed_in_by: "passkey",
      passkeys: [{ name: "Laptop", last_used_at: clock.now().toISOString() }],
      proved_until: expect.any(String),
    });
  });
});
