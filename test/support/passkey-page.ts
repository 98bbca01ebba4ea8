import type { Browser, CDPSession, Page } from "playwright-core";
import { openPage } from "./browser.ts";
import type { PersonSession } from "./person-session.ts";
import { type Answer, clientOf, type TestServer } from "./start-test-server.ts";

/** A page at this server's name, with a device that makes passkeys and unlocks them without a touch. */
export interface PasskeyPage {
  readonly page: Page;
  /** Answers the options of the server as a browser does, and gives what goes into `response`. */
  readonly create: (options: unknown) => Promise<Record<string, unknown>>;
  readonly get: (options: unknown) => Promise<Record<string, unknown>>;
  readonly device: CDPSession;
  readonly authenticatorId: string;
  readonly close: () => Promise<void>;
}

/** Browsers make no passkey for an IP address. The server listens there, and here as well. */
export const siteOf = (server: Pick<TestServer, "url">): string =>
  server.url.replace("127.0.0.1", "localhost");

export async function openPasskeyPage(
  browser: Browser,
  server: Pick<TestServer, "url">,
  more: Record<string, unknown> = {},
): Promise<PasskeyPage> {
  const { page, context } = await openPage(browser);
  await page.goto(`${siteOf(server)}/api/v1/people/ways`);
  return {
    page,
    ...(await addDevice(page, more)),
    create: (options) =>
      page.evaluate(async (json) => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json as never);
        const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
        return made.toJSON() as never;
      }, options),
    get: (options) =>
      page.evaluate(async (json) => {
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json as never);
        const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
        return given.toJSON() as never;
      }, options),
    close: () => context.close(),
  };
}

/** Gives a page a device that makes passkeys and unlocks them without a touch. */
export async function addDevice(
  page: Page,
  more: Record<string, unknown> = {},
): Promise<Pick<PasskeyPage, "device" | "authenticatorId">> {
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...more,
    },
  });
  return { device, authenticatorId };
}

/** The server as browsers reach it by its name. */
export const atSite = (server: TestServer): TestServer => ({ ...server, send: clientOf(siteOf(server)) });

/** Adds a passkey to a person who may. */
export async function addPasskey(
  person: Pick<PersonSession, "send">,
  { create }: Pick<PasskeyPage, "create">,
  name = "Laptop",
): Promise<Answer> {
  const { status, body } = await person.send("POST", "/people/me/passkeys/options");
  if (status !== 200) throw new Error(`The options were answered ${status} ${body.code}.`);
  const response = await create(body.options);
  return person.send("POST", "/people/me/passkeys", { name, response });
}
