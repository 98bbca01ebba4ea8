import { describe, expect, it } from "vitest";
import { hostOf, isFromSender } from "../../plugin/sender.ts";

const isFrom = (rule: string, sender: string): boolean =>
  isFromSender(rule, { sender, sender_host: hostOf(sender) });

describe("F10: the host of a sender", () => {
  it.each([
    ["Bank <CEO@Bank.Example>", "bank.example"],
    ["root@localhost", "localhost"],
    ["+1 500 555 0006", "+15005550006"],
    ["12345", "12345"],
    ["bank.example", ""],
    ["Shop", ""],
    ["", ""],
    ["ceo@bank", ""],
    ["ceo@bank.example, evil", ""],
    ["x <ceo@-bank.example>", ""],
  ])("of %j is %j", (from, host) => {
    expect(hostOf(from)).toBe(host);
  });
});

describe("F10: a rule about senders", () => {
  it("means a host and those below it, and no name that reads like it", () => {
    expect(isFrom("bank.example", "ceo@mail.bank.example")).toBe(true);
    expect(isFrom("@bank.example", "ceo@bank.example")).toBe(true);
    expect(isFrom("bank.example", "bank.example")).toBe(false);
    expect(isFrom("bank.example", "ceo@evilbank.example")).toBe(false);
  });

  it("means a number however it is spaced, a short code, or a name", () => {
    expect(isFrom("+15550100", "+1 555 0100")).toBe(true);
    expect(isFrom("+1 555 0100", "+15550100")).toBe(true);
    expect(isFrom("12345", "12345")).toBe(true);
    expect(isFrom("12345", "912345")).toBe(false);
    expect(isFrom("shop", "Shop")).toBe(true);
  });

  it("means nobody when it is empty", () => {
    expect(isFrom("", "")).toBe(false);
    expect(isFrom("@", "Shop")).toBe(false);
  });
});
