import { describe, expect, it } from "vitest";
import { readEnrolment } from "../../../../plugin/enrolment/read-enrolment.ts";
import { freeName } from "../../../../ui/studio/kit/free-name.ts";
import { newEntryOf, sortGiven } from "../../../../ui/studio/vault/add/given.ts";
import { linkOf, strongSecret } from "../../../support/vault-entries.ts";

const give = (text: string) => sortGiven({ text, reading: readEnrolment(text) });

describe("what was given", () => {
  it("is one second factor to be named: a link or a key", () => {
    expect(give(linkOf("ACME", "bob")).kind).toBe("one");
    expect(give(strongSecret).kind).toBe("one");
  });

  it("is several to choose from: two links, or one good one beside a bad one", () => {
    expect(give(`${linkOf("ACME", "bob")}\n${linkOf("ACME", "eve")}`).kind).toBe("several");
    expect(give(`${linkOf("ACME", "bob")}\notpauth://totp/x?secret=1`).kind).toBe("several");
  });

  it("is refused with the reason and without itself", () => {
    const given = give("otpauth://totp/ACME:bob?secret=not-base-32!");
    expect(given.kind).toBe("refused");
    expect(JSON.stringify(given)).not.toContain("not-base");
  });

  it("gets a name that is free and one line", () => {
    expect(freeName("ACME:bob", [])).toBe("ACME:bob");
    expect(freeName("ACME:bob", ["ACME:bob", "ACME:bob 2"])).toBe("ACME:bob 3");
    expect(freeName("ACME\nbob", [])).toBe("ACME bob");
  });
});

describe("a new entry", () => {
  const fields = (values: Record<string, string>) => (name: string) => values[name] ?? "";

  it("holds what was filled in and nothing else", () => {
    expect(newEntryOf(fields({ name: " ACME " }), { kind: "nothing" })).toEqual({ name: "ACME", data: {} });
  });

  it("is a login when it has one, with the password as it was typed", () => {
    const entry = newEntryOf(
      fields({ name: "ACME", username: " bob ", password: " s p ", backup_codes: "one\n\n two \n" }),
      { kind: "nothing" },
    );
    expect(entry).toEqual({
      name: "ACME",
      type: "LOGIN",
      data: { username: "bob", password: " s p " },
      backup_codes: ["one", "two"],
    });
  });

  it("carries the second factor as it was given, and how its codes are handed out", () => {
    const text = linkOf("ACME", "bob");
    const given = give(text);
    if (given.kind !== "one") throw new Error("Not one.");
    expect(newEntryOf(fields({ name: "ACME", pending: "on" }), given)).toEqual({
      name: "ACME",
      data: {},
      enrolment: text,
      pending: true,
      single_use: false,
    });
  });
});
