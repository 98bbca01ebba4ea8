import { keyName } from "../../keyboard/key-name.ts";

/** Every key of the studio, once: the handler reads it, and so does the sheet that shows it. */
export interface Shortcut {
  readonly id: string;
  /** Chords as `chordOf` writes them; `Mod` is Ctrl, on a Mac ⌘. */
  readonly keys: readonly string[];
  readonly words: string;
  readonly group: "Workflow" | "Add and find" | "Change" | "View";
  readonly needsSelection?: true;
  /** Not where the window is too narrow for editing. */
  readonly edits?: true;
  /** What handles the key, if it is not the studio's own handler. */
  readonly heardBy?: "clipboard" | "canvas";
}

const table = [
  { id: "run", keys: ["Mod+Enter"], words: "Run", group: "Workflow" },
  { id: "save", keys: ["Mod+S"], words: "Save now", group: "Workflow", edits: true },
  { id: "undo", keys: ["Mod+Z"], words: "Undo", group: "Workflow", edits: true },
  { id: "redo", keys: ["Mod+Shift+Z", "Mod+Y"], words: "Redo", group: "Workflow", edits: true },
  {
    id: "add",
    keys: ["N", "/"],
    words: "Add a node, or insert it in the focused edge",
    group: "Add and find",
    edits: true,
  },
  { id: "find", keys: ["Mod+F"], words: "Find a node", group: "Add and find" },
  {
    id: "connect",
    keys: ["C"],
    words: "Connect from the focused node",
    group: "Add and find",
    edits: true,
    heardBy: "canvas",
  },
  {
    id: "settings",
    keys: ["Enter"],
    words: "Open the settings of the focused node",
    group: "Add and find",
    heardBy: "canvas",
  },
  {
    id: "move",
    keys: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"],
    words: "Move the selected nodes",
    group: "Change",
    needsSelection: true,
    edits: true,
    heardBy: "canvas",
  },
  {
    id: "delete",
    keys: ["Delete", "Backspace"],
    words: "Delete",
    group: "Change",
    needsSelection: true,
    edits: true,
  },
  {
    id: "duplicate",
    keys: ["Mod+D"],
    words: "Duplicate",
    group: "Change",
    needsSelection: true,
    edits: true,
  },
  {
    id: "copy",
    keys: ["Mod+C"],
    words: "Copy",
    group: "Change",
    needsSelection: true,
    heardBy: "clipboard",
  },
  {
    id: "cut",
    keys: ["Mod+X"],
    words: "Cut",
    group: "Change",
    needsSelection: true,
    edits: true,
    heardBy: "clipboard",
  },
  { id: "paste", keys: ["Mod+V"], words: "Paste", group: "Change", edits: true, heardBy: "clipboard" },
  { id: "select-all", keys: ["Mod+A"], words: "Select all", group: "Change" },
  { id: "tidy", keys: ["Shift+T"], words: "Tidy up", group: "Change", edits: true },
  { id: "deselect", keys: ["Escape"], words: "Select nothing", group: "Change" },
  { id: "sheet", keys: ["?"], words: "Show these keys", group: "View" },
  { id: "fit", keys: ["1"], words: "Fit the workflow", group: "View" },
  { id: "zoom-in", keys: ["+", "="], words: "Zoom in", group: "View" },
  { id: "zoom-out", keys: ["-"], words: "Zoom out", group: "View" },
  { id: "minimap", keys: ["M"], words: "Show or hide the map", group: "View" },
] as const satisfies readonly Shortcut[];

export const shortcuts: readonly Shortcut[] = table;

type Row = (typeof table)[number];
/** The shortcuts that the studio's own handler handles. */
export type HandledShortcut = Exclude<Row, { heardBy: string }>["id"];

type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** A key press as the table writes it. Shift is part of a sign such as "?", so it is written for letters and named keys only. */
export function chordOf(press: KeyPress): string {
  const { ctrlKey, metaKey, altKey, shiftKey } = press;
  const name = keyName(press);
  const isSign = name.length === 1 && !/[A-Z]/.test(name);
  return [(ctrlKey || metaKey) && "Mod", altKey && "Alt", shiftKey && !isSign && "Shift", name]
    .filter(Boolean)
    .join("+");
}

const byChord: ReadonlyMap<string, Shortcut> = new Map(
  shortcuts.filter(({ heardBy }) => !heardBy).flatMap((row) => row.keys.map((chord) => [chord, row])),
);

const isHandled = (id: string): id is HandledShortcut =>
  shortcuts.some((row) => row.id === id && row.heardBy === undefined);

/** What the studio does for a key press, if anything. */
export function shortcutOf(press: KeyPress, narrow: boolean): HandledShortcut | undefined {
  const row = byChord.get(chordOf(press));
  return row && isHandled(row.id) && !(narrow && row.edits) ? row.id : undefined;
}

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "");

const signs: Readonly<Record<string, string>> = {
  Mod: isMac ? "⌘" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
  Shift: isMac ? "⇧" : "Shift",
  Escape: "Esc",
  Delete: "Del",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** The parts of a chord as this platform's keyboards name them. */
export const keyCaps = (chord: string): string[] =>
  chord === "+" ? ["+"] : chord.split("+").map((part) => signs[part] ?? part);

/** A control's name with its first key, for titles: "Undo (Ctrl+Z)". */
export function withKey(words: string, id: string): string {
  const chord = shortcuts.find((row) => row.id === id)?.keys[0];
  return chord === undefined ? words : `${words} (${keyCaps(chord).join("+")})`;
}
