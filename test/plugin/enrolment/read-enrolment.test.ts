import { describe, expect, it } from "vitest";
import { readEnrolment } from "../../../plugin/enrolment/read-enrolment.ts";
import { keys, links } from "./enrolment-table.ts";
import { shorten } from "./expect-reading.ts";
import { files, migrations } from "./export-table.ts";

describe("what people paste to enrol an authenticator is read or refused with its reason", () => {
  describe("a link", () => {
    it.each(links)("with %s", (_title, input, expected) => {
      expect(shorten(readEnrolment(input))).toEqual(expected);
    });
  });

  describe("a key", () => {
    it.each(keys)("such as %s", (_title, input, expected) => {
      expect(shorten(readEnrolment(input))).toEqual(expected);
    });
  });

  describe("a code of Google Authenticator", () => {
    it.each(migrations)("with %s", (_title, input, expected) => {
      expect(shorten(readEnrolment(input))).toEqual(expected);
    });
  });

  describe("a file", () => {
    it.each(files)("of %s", (_title, input, expected) => {
      expect(shorten(readEnrolment(input))).toEqual(expected);
    });
  });

  it("says which part of a batch it is and names the field of a refusal", () => {
    const [, batch = ""] = migrations.find(([title]) => title === "one code of three") ?? [];
    expect(readEnrolment(batch)).toMatchObject({
      batch: { index: 1, size: 3, message: "This is part 1 of 3; the other parts have to be pasted too." },
    });
    const [, repeated = ""] = links.find(([title]) => title === "the same parameter twice, unlike") ?? [];
    expect(readEnrolment(repeated)).toMatchObject({ field: "digits" });
  });
});
