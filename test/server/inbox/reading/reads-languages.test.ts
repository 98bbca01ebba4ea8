import { describe, expect, it } from "vitest";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";
import type { Written } from "./messages.ts";
import { english } from "./messages-english.ts";
import { european } from "./messages-european.ts";
import { world } from "./messages-world.ts";

const messages: Record<string, Written[]> = { ...english, ...european, ...world };

/** What was found, in the short form the messages are labelled with; spaces and hyphens do not count. */
function found([, text, more]: Written): string {
  const { kind, value = "" } = readMessage({ text, ...more });
  return kind === "code" ? value : kind === "link" ? `link:${value}` : kind;
}
const plain = (value: string) => (value.startsWith("link:") ? value : value.replace(/[\s-]/g, ""));

describe("F3: reads the code or link, or says that there is none", () => {
  for (const [language, written] of Object.entries(messages))
    it(`in ${language}`, () => {
      const wrong = written
        .filter((one) => found(one) !== plain(one[0]))
        .map((one) => ({ read: found(one), text: one[1], expected: one[0] }));
      expect(wrong).toEqual([]);
    });
});

describe("the written messages", () => {
  const all = Object.values(messages).flat();
  it("are enough to mean something: three hundred, twenty-five languages, a third without a code", () => {
    expect(all.length).toBeGreaterThanOrEqual(300);
    expect(Object.keys(messages).length).toBeGreaterThanOrEqual(25);
    expect(all.filter(([expected]) => expected === "none").length / all.length).toBeGreaterThan(1 / 3);
  });
});
