import { describe, expect, it } from "vitest";
import { chordOf, keyCaps, shortcutOf, shortcuts, withKey } from "../../../../ui/studio/keys/shortcuts.ts";

const press = (chord: string) => {
  const parts = chord === "+" ? ["+"] : chord.split("+");
  const key = parts.at(-1) ?? "";
  return {
    code: "",
    key: key.length === 1 && !parts.includes("Shift") ? key.toLowerCase() : key,
    ctrlKey: parts.includes("Mod"),
    metaKey: false,
    altKey: parts.includes("Alt"),
    // On most keyboards "?" and "+" need Shift; that is no chord of its own.
    shiftKey: parts.includes("Shift") || key === "?" || key === "+",
  };
};

describe("the table of shortcuts", () => {
  it("gives no key twice, and no row twice", () => {
    const chords = shortcuts.flatMap(({ keys }) => keys);
    expect(new Set(chords).size).toBe(chords.length);
    expect(new Set(shortcuts.map(({ id }) => id)).size).toBe(shortcuts.length);
    expect(new Set(shortcuts.map(({ words }) => words)).size).toBe(shortcuts.length);
  });

  it.each(shortcuts)("answers every key of “$words”, or says who does", ({ id, keys, heardBy }) => {
    for (const chord of keys) {
      expect(chordOf(press(chord))).toBe(chord);
      expect(shortcutOf(press(chord), false)).toBe(heardBy === undefined ? id : undefined);
    }
  });

  it("changes nothing in a window that is too narrow for editing", () => {
    for (const { id, keys, edits, heardBy } of shortcuts)
      for (const chord of keys)
        expect(shortcutOf(press(chord), true)).toBe(edits || heardBy ? undefined : id);
  });

  it("leaves combinations alone that it does not name", () => {
    for (const chord of ["Mod+N", "Alt+N", "Shift+M", "Mod+Shift+F", "Mod+A+B", "q"])
      expect(shortcutOf(press(chord), false)).toBeUndefined();
  });

  it("knows its letters on a keyboard of another script, by their place", () => {
    const cyrillic = { ...press("n"), key: "т", code: "KeyN" };
    expect(shortcutOf(cyrillic, false)).toBe("add");
    expect(shortcutOf({ ...cyrillic, key: "я", code: "KeyZ", ctrlKey: true }, false)).toBe("undo");
    // On Dvorak the letter counts, not its place.
    expect(chordOf({ ...press("n"), code: "KeyL" })).toBe("N");
    expect(chordOf({ ...press("q"), key: "é", code: "Digit2" })).toBe("É");
  });

  it("writes keys as a keyboard does", () => {
    expect(keyCaps("Mod+Shift+Z").slice(1)).toHaveLength(2);
    expect(keyCaps("+")).toEqual(["+"]);
    expect(withKey("Fit the workflow", "fit")).toBe("Fit the workflow (1)");
    expect(withKey("Nothing", "no-such-row")).toBe("Nothing");
  });
});
