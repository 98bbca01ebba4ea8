import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme, type ThemeChoice, useTheme } from "../theme.ts";

const nextTheme: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const themeWords: Record<ThemeChoice, string> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};

export function ThemeButton() {
  const theme = useTheme();
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`${themeWords[theme]}. Change`}
      title={themeWords[theme]}
      onClick={() => chooseTheme(nextTheme[theme])}
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}
