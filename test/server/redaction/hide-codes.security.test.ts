import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listMail, listMailThreads } from "../../../server/agent-api/mail.ts";
import type { Delivery } from "../../../server/inbox/delivery.ts";
import { showMessage, showOpened } from "../../../server/inbox/show-message.ts";
import { hideCodes, hideInSubject } from "../../../server/redaction/hide-codes.ts";
import { openTestInbox } from "../../support/open-test-inbox.ts";
import { timesAsLong } from "../../support/times-as-long.ts";

const mask = "••••••";
const both = [hideCodes, hideInSubject];

describe("G2: a code in a list is hidden", () => {
  it.each([
    ["482\u200b917 is your code", "482917"],
    ["4  8  2  9  1  7 is your code", "482917"],
    ["482\u2011917 is your code", "482917"],
    ["48·29·17 is your code", "482917"],
    ["482...917 is your code", "482917"],
    ["\uff211\uff222\uff233\uff244 is your code", "A1B2C3D4"],
    ["k7q - 2mx is your code", "K7Q2MX"],
    ["ABCDEF is your code", "ABC-DEF"],
  ])("that was found, however it is written: %s", (text, code) => {
    for (const hide of both) expect(hide(text, [code])).toBe(`${mask} is your code`);
  });

  it.each([
    "4‐8‐2‐9‐1‐7",
    "K7Q 2MX",
    "482.917",
    "48·29·17",
    "4 - 8 - 2 - 9",
    "4    8    2    9",
    "⁴⁸²⁹¹⁷",
    "₄₈₂₉₁₇",
    "④⑧②⑨",
    "4\ufe0f\u20e38\ufe0f\u20e32\ufe0f\u20e39",
    "٤٨٢٩",
    "\u{11066}\u{11067}\u{11068}\u{11069}",
    "4829",
  ])("that nobody found: %s", (text) => {
    for (const hide of both) expect(hide(`Yours: ${text}`, [])).toContain(`Yours: ${mask}`);
    for (const hide of both) expect(hide(`Yours: ${text}`, [])).not.toMatch(/[\p{Nd}Q]/u);
  });

  it("beside a code that was found, where letters and digits are in one word", () => {
    for (const hide of both) {
      expect(hide("X9Y8Z or 111222", ["111222"])).toBe(`${mask} or ${mask}`);
      expect(hide("Windows11 is here", [])).toBe("Windows11 is here");
      expect(hide("Windows11 is here", ["https://shop.example/a"])).toBe("Windows11 is here");
    }
  });

  it("and what is none stays", () => {
    for (const hide of both)
      for (const text of ["Tea at 5?", "Re: 3 of 12 boxes", "Q3 numbers", "A-B-C"])
        expect(hide(text, [])).toBe(text);
  });

  it("in a sender's name, and in an address only if it was found", () => {
    expect(hideCodes('"482918 is your code" <a@b.example>', [])).toBe(`"${mask} is your code" <a@b.example>`);
    expect(hideCodes("Shop 4829 <shop4829@b.example>", [])).toBe(`Shop ${mask} <shop4829@b.example>`);
    expect(hideCodes("Shop <482918@b.example>", ["482918"])).toBe(`Shop <${mask}@b.example>`);
    expect(hideCodes("482918@b.example", [])).toBe("482918@b.example");
    expect(hideCodes("+15551234567", [])).toBe("+15551234567");
    expect(hideInSubject("Yours <482918@b.example>", [])).toBe(`Yours <${mask}@b.example>`);
  });

  it.each([" ", ".", "1 ", "1  ", "1 . ", "A1", "A1B ", "-"])("in time, also in many of %j", (unit) => {
    const known = [`1${".".repeat(500)}2`, "https://shop.example/?........"];
    const [text, gaps] = [unit.repeat(20_000), `${`1${" ".repeat(300)}`.repeat(40)}x`];
    const prose = "We have moved the meeting to the other room. ".repeat(1_000).slice(0, text.length);
    for (const hide of both) {
      expect(
        timesAsLong(
          () => hide(text, known),
          () => hide(prose, known),
        ),
      ).toBeLessThan(100);
      expect(
        timesAsLong(
          () => hide(gaps, []),
          () => hide(prose, []),
        ),
      ).toBeLessThan(100);
    }
  });
});

describe("G2: lists", () => {
  let rooms: Awaited<ReturnType<typeof openTestInbox>>;
  beforeAll(async () => {
    rooms = await openTestInbox();
  });
  afterAll(() => rooms.close());

  const receive = async (delivery: Partial<Delivery>): Promise<void> => {
    const { inbox, admin, clock } = rooms;
    clock.advance(1);
    const usual = {
      address: "desk@example.com",
      channel: "email",
      from: "a@b.example",
    } as const;
    expect(await inbox.receive(admin, { ...usual, ...delivery })).toMatchObject({ state: "stored" });
  };
  const listed = async () => {
    const [message] = await rooms.inbox.listMessages(rooms.admin, { limit: 1 });
    if (!message) throw new Error("there is no message");
    const [messages, threads] = [
      await listMail(rooms.inbox, rooms.admin, { limit: 1 }),
      await listMailThreads(rooms.inbox, rooms.admin, { limit: 1 }),
    ];
    return { message, shown: showMessage(message), all: { messages, threads } };
  };

  it.each(["482\u200b917", "4  8  2  9  1  7", "4‐8‐2‐9‐1‐7", "482.917", "48·29·17", "⁴⁸²⁹¹⁷"])(
    "show no code in a subject or a name: %s",
    async (code) => {
      const name = `${code} is your code`;
      await receive({ from: `"${name}" <a@b.example>`, subject: name, text: `Your code is ${code}.` });
      const { shown, all } = await listed();
      expect(shown).toMatchObject({
        subject: `${mask} is your code`,
        sender: `"${mask} is your code" <a@b.example>`,
        sender_host: "b.example",
      });
      expect(all).toMatchObject({
        messages: {
          messages: [{ subject: `${mask} is your code`, from: [`"${mask} is your code" <a@b.example>`] }],
        },
        threads: { threads: [{ subject: `${mask} is your code` }] },
      });
    },
  );

  it("show what opening shows only where it is opened, and no code of a name after the text was deleted", async () => {
    const from = "904817 is your code";
    await receive({ from, subject: "904817", text: "Your code is 904817." });
    const [message] = await rooms.inbox.listMessages(rooms.admin, { limit: 1 });
    const opened = await rooms.inbox.openMessage(rooms.admin, message?.id ?? "");
    expect(showOpened(opened)).toMatchObject({ sender: from, subject: "904817" });
    const hidden = { sender: `${mask} is your code`, sender_host: "" };
    expect((await listed()).shown).toMatchObject({ ...hidden, subject: mask });
    rooms.clock.advance(25 * 3_600);
    await rooms.inbox.purgeBodies();
    const purged = await rooms.inbox.openMessage(rooms.admin, message?.id ?? "");
    for (const shown of [(await listed()).shown, showOpened(purged)])
      expect(shown).toMatchObject({ sender: "", sender_host: "", subject: null });
  });

  it("show the short number a text message is from, unless it is the code", async () => {
    await receive({ channel: "sms", from: "22395", text: "Your code is 771204." });
    expect((await listed()).shown).toMatchObject({ sender: "22395", sender_host: "22395" });
    await receive({ channel: "sms", from: "771205", text: "Your code is 771205." });
    expect((await listed()).shown).toMatchObject({ sender: mask, sender_host: mask });
  });
});
