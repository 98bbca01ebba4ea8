import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("ui/styles.css", "utf8");

const root = css.slice(css.indexOf(":root,"), css.indexOf("}"));

/** The colours that have a light and a dark value, by their variables. */
const pairs = new Map(
  [...root.matchAll(/(--totem-[a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }] as const,
  ),
);

/** WCAG 2.2, relative luminance and contrast ratio. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const text = [
  ["text", "surface"],
  ["text", "canvas"],
  ["text", "accent-soft"],
  ["muted", "surface"],
  ["muted", "surface-2"],
  ["muted", "canvas"],
  ["muted", "hover"],
  ["on-accent", "accent"],
  ["accent", "surface"],
  ["accent", "accent-soft"],
  ["tool-text", "tool-soft"],
  ["model-text", "model-soft"],
  ...["yellow", "green", "blue", "pink"].flatMap(
    (color) =>
      [
        ["text", `note-${color}`],
        ["muted", `note-${color}`],
      ] as const,
  ),
  ["danger", "surface"],
  ["danger", "danger-soft"],
  ["warning", "warning-soft"],
  ["warning", "surface"],
] as const;

/** What must be seen, not read: diamonds, circles, the borders of inputs. */
const shapes = [
  ["tool", "surface"],
  ["tool", "canvas"],
  ["model", "surface"],
  ["model", "canvas"],
  ["flow", "canvas"],
  ["border-strong", "surface"],
  ["accent", "canvas"],
] as const;

describe.each(["light", "dark"] as const)("the %s colours", (theme) => {
  const colour = (name: string) => pairs.get(`--totem-${name}`)?.[theme] ?? "";
  it.each(text)("let %s be read on %s (WCAG AA, 4.5)", (front, back) => {
    expect(contrast(colour(front), colour(back))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(shapes)("let %s be seen on %s (WCAG AA, 3.0)", (front, back) => {
    expect(contrast(colour(front), colour(back))).toBeGreaterThanOrEqual(3);
  });
});

it("gives every colour a light and a dark value, and lets the system or a theme choose between them", () => {
  const variables = [...root.matchAll(/(--totem-[a-z0-9-]+):/g)].map((match) => match[1]);
  const others = ["--totem-shadow", "--totem-shadow-raised", "--totem-font", "--totem-mono"];
  expect(variables.filter((name) => !pairs.has(name ?? "")).sort()).toEqual([...others].sort());
  expect(root).toMatch(/--totem-shadow:[^;]*light-dark\(/);
  expect(root).toMatch(/--totem-shadow-raised:[^;]*light-dark\(/);
  expect(root).toContain(":root,\n[data-theme] {");
  expect(css).toContain(":root {\n  color-scheme: light dark;\n}");
  for (const theme of ["light", "dark"])
    expect(css).toContain(`[data-theme="${theme}"] {\n  color-scheme: ${theme};\n}`);
});

it("never animates stroke-dashoffset", () => {
  expect(css).not.toContain("stroke-dashoffset");
});

it.each([
  ["top", "top: 0", "translate(-50%, -50%)"],
  ["bottom", "bottom: 0", "translate(-50%, 50%)"],
  ["left", "left: 0", "translate(-50%, -50%)"],
  ["right", "right: 0", "translate(50%, -50%)"],
])("puts a handle on the %s edge of its card, whatever the flow library does", (side, at, moved) => {
  const start = css.indexOf(`.react-flow .react-flow__handle.totem-handle--${side} {`);
  const rule = css.slice(start, css.indexOf("}", start));
  expect(rule).toContain(at);
  expect(rule).toContain(`transform: ${moved}`);
});
