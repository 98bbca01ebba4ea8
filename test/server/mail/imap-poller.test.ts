import { describe, expect, it, onTestFinished } from "vitest";
import type { Clock } from "../../../server/clock.ts";
import { egressLists } from "../../../server/egress-lists.ts";
import type { Delivery } from "../../../server/inbox/delivery.ts";
import { startMail } from "../../../server/mail/start-mail.ts";
import type { Deliver } from "../../../server/mail/take-mail.ts";
import { readSettings } from "../../../server/settings.ts";
import { timelessClock } from "../../support/fixed-clock.ts";
import { arrived, startImapStandIn } from "../../support/imap-stand-in.ts";
import { namesKnown } from "../../support/start-test-mail.ts";
import { testEgress } from "../../support/test-egress.ts";

const mailTo = (to: string, more = ""): string =>
  `${more}From: a@example.test\r\nTo: ${to}\r\nSubject: Sign in\r\n\r\nYour code is 482913.\r\n`;

interface Wanted {
  readonly deliver?: Deliver;
  readonly settings?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly clock?: Clock;
}

/** Pauses are not waited for: each is noted, and it is that much later at once. No deadline passes (3 and 5 seconds). */
function impatientClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  const slept = () => pauses.reduce((sum, pause) => sum + pause, 0);
  const timeless = timelessClock();
  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    if (milliseconds === 3_000 || milliseconds === 5_000) return timeless.sleep(milliseconds, signal);
    pauses.push(milliseconds);
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { now: () => new Date(arrived.getTime() + slept()), sleep, pauses };
}

async function watch(
  server: Awaited<ReturnType<typeof startImapStandIn>>,
  { deliver, settings, user = "me:right", clock = impatientClock() }: Wanted = {},
) {
  const delivered: Delivery[] = [];
  const logged: { facts: object; text: string }[] = [];
  const write = (facts: object, text: string) => {
    logged.push({ facts, text });
    server.happened();
  };
  const read = readSettings({
    TOTEM_IMAP_URL: `imap://${user}@127.0.0.1:${server.port}/INBOX`,
    ...settings,
  });
  const mail = await startMail({
    settings: read,
    egress: testEgress(egressLists(read)),
    knowsAddress: async (address) => address.endsWith("@agents.example"),
    deliver:
      deliver ??
      (async (one) => {
        delivered.push(one);
        server.happened();
        return { state: "stored", id: String(delivered.length), kind: "none" };
      }),
    log: { info: write, warn: write },
    clock,
    resolver: namesKnown(),
  });
  onTestFinished(() => mail.stop());
  return { delivered, logged, stop: mail.stop };
}

describe("the IMAP poller", () => {
  it("takes a mail the moment it arrives, hands it over and marks it as read", async () => {
    const server = await startImapStandIn();
    const { delivered } = await watch(server);
    await server.until(() => server.idling.size === 1);
    const message = server.arrive(mailTo("Anna <anna@agents.example>"));
    await server.until(() => message.flags.has("\\Seen"));
    expect(delivered).toMatchObject([
      {
        address: "anna@agents.example",
        channel: "email",
        subject: "Sign in",
        authentication: { dkim: "none", by: "here" },
      },
    ]);
    await server.until(() => server.idling.size === 1);
    server.arrive(mailTo("bert@agents.example"));
    await server.until(() => delivered.length === 2);
  });

  it("takes what is unread of the last quarter of an hour when it starts, and nothing older", async () => {
    const server = await startImapStandIn();
    const ago = (minutes: number) => new Date(arrived.getTime() - minutes * 60_000);
    server.arrive(mailTo("old@agents.example"), { received: ago(20) });
    server.arrive(mailTo("read@agents.example"), { received: ago(1), seen: true });
    server.arrive(mailTo("new@agents.example"), { received: ago(1) });
    const { delivered } = await watch(server);
    await server.until(() => server.idling.size === 1);
    expect(delivered.map(({ address }) => address)).toEqual(["new@agents.example"]);
  });

  it("neither fetches nor marks mail that is for somebody else", async () => {
    const server = await startImapStandIn();
    const { delivered } = await watch(server);
    await server.until(() => server.idling.size === 1);
    const foreign = server.arrive(mailTo("me@elsewhere.example"));
    server.arrive(mailTo("anna@agents.example"));
    await server.until(() => delivered.length === 1);
    expect(foreign.flags.size).toBe(0);
    expect(server.commands.filter((command) => command === "UID FETCH")).toHaveLength(3);
  });

  it("goes by where the mailbox's server says a mail was delivered, or else by its author, or by the setting", async () => {
    const server = await startImapStandIn();
    const { delivered } = await watch(server, {
      settings: { TOTEM_IMAP_ADDRESS: "Rest@agents.example" },
    });
    await server.until(() => server.idling.size === 1);
    server.arrive(mailTo("bert@agents.example", "Delivered-To: anna@agents.example\r\n"));
    server.arrive(
      mailTo(
        "x@elsewhere.example",
        "X-Original-To: carl@agents.example\r\nDelivered-To: me@elsewhere.example\r\n",
      ),
    );
    server.arrive(mailTo("x@elsewhere.example"));
    await server.until(() => delivered.length === 3);
    expect(delivered.map(({ address }) => address)).toEqual([
      "anna@agents.example",
      "carl@agents.example",
      "rest@agents.example",
    ]);
  });

  it("moves what it took to a folder when it is told to", async () => {
    const server = await startImapStandIn();
    await watch(server, { settings: { TOTEM_IMAP_MOVE_TO: "Totem" } });
    await server.until(() => server.idling.size === 1);
    const message = server.arrive(mailTo("anna@agents.example"));
    await server.until(() => server.moved.length > 0);
    expect(server.moved).toEqual([{ uid: message.uid, folder: "Totem" }]);
  });

  it("believes the mailbox's server about SPF, DKIM and DMARC when it is named, and nobody else", async () => {
    const server = await startImapStandIn();
    const { delivered } = await watch(server, {
      settings: { TOTEM_IMAP_TRUSTED_AUTHSERV_ID: "mx.example" },
    });
    await server.until(() => server.idling.size === 1);
    server.arrive(
      mailTo("anna@agents.example", "Authentication-Results: mx.example; dkim=pass; spf=softfail\r\n"),
    );
    server.arrive(mailTo("anna@agents.example", "Authentication-Results: mx.attacker.test; dkim=pass\r\n"));
    await server.until(() => delivered.length === 2);
    expect(delivered.map(({ authentication }) => authentication)).toEqual([
      { spf: "softfail", dkim: "pass", dmarc: null, by: "trusted-hop" },
      { spf: null, dkim: "none", dmarc: "none", by: "here" },
    ]);
  });

  it("connects again after the connection broke, and takes what came meanwhile", async () => {
    const server = await startImapStandIn();
    const { delivered } = await watch(server);
    await server.until(() => server.idling.size === 1);
    server.hangUp();
    server.arrive(mailTo("anna@agents.example"));
    await server.until(() => delivered.length === 1);
    server.renumber();
    server.hangUp();
    server.arrive(mailTo("bert@agents.example"));
    await server.until(() => delivered.length === 2);
  });

  it("tries again when the store is away, and gives a mail up that never gets in without holding up another", async () => {
    const server = await startImapStandIn();
    const tried: string[] = [];
    const { logged } = await watch(server, {
      deliver: async ({ address }) => {
        tried.push(address);
        if (address === "anna@agents.example") throw new Error("away");
        return { state: "stored", id: "1", kind: "none" };
      },
    });
    await server.until(() => server.idling.size === 1);
    const bad = server.arrive(mailTo("anna@agents.example"));
    const good = server.arrive(mailTo("bert@agents.example"));
    await server.until(() => good.flags.has("\\Seen"));
    await server.until(() => logged.some(({ text }) => text.includes("given up")));
    expect(bad.flags.size).toBe(0);
    // The pauses come to ten minutes after the tenth try; the other one is not tried twice.
    const anna = tried.filter((address) => address === "anna@agents.example");
    expect(anna.length).toBeGreaterThan(5);
    expect(tried.length - anna.length).toBe(1);
  });

  it("waits longer each time it is refused, says so without the password, and stops at once", async () => {
    const server = await startImapStandIn();
    const clock = impatientClock();
    const { logged, stop } = await watch(server, { user: "me%40x:canary%2Fwrong", clock });
    await server.until(() => clock.pauses.length > 3 && logged.length > 3);
    expect(clock.pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    await stop();
    expect(logged.length).toBeGreaterThan(3);
    expect(JSON.stringify(logged)).not.toMatch(/canary|me@x|INBOX/);
  });

  it("says goodbye when it is stopped", async () => {
    const server = await startImapStandIn();
    const { stop } = await watch(server, { clock: timelessClock() });
    await server.until(() => server.idling.size === 1);
    await stop();
    expect(server.commands.at(-1)).toBe("LOGOUT");
  });
});
