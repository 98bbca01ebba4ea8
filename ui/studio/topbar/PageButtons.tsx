import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import { signOut } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { IconButton } from "../kit/Button.tsx";
import { showToast } from "../kit/toasts.ts";
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
    <IconButton
      aria-label={`${themeWords[theme]}. Change`}
      title={themeWords[theme]}
      onClick={() => chooseTheme(nextTheme[theme])}
    >
      <Icon size={16} aria-hidden />
    </IconButton>
  );
}

/** Signs out, after `before` has finished. */
export function SignOutButton({ before }: { before?: () => Promise<unknown> }) {
  async function leave() {
    try {
      await before?.();
      await signOut();
      location.assign("/");
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    }
  }
  return (
    <IconButton aria-label="Sign out" title="Sign out" onClick={() => void leave()}>
      <LogOut size={16} aria-hidden />
    </IconButton>
  );
}
