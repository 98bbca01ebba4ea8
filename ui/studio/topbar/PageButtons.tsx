import { Bell as BellIcon, Monitor, Moon, Sun, User } from "lucide-react";
import { lazy, Suspense } from "react";
import { IconButton } from "../kit/Button.tsx";
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

const Bell = lazy(async () => ({ default: (await import("../approvals/Bell.tsx")).Bell }));

/** The questions that wait for people. It loads after the page; its place is kept. */
export const BellButton = () => (
  <Suspense
    fallback={
      <IconButton aria-label="Questions" disabled>
        <BellIcon size={16} aria-hidden />
      </IconButton>
    }
  >
    <Bell />
  </Suspense>
);

const YouMenu = lazy(async () => ({ default: (await import("./YouMenu.tsx")).YouMenu }));

/** Who is signed in. Its menu loads after the page; its place is kept. */
export const YouButton = ({ before }: { before?: () => Promise<unknown> }) => (
  <Suspense
    fallback={
      <IconButton aria-label="You" disabled>
        <User size={16} aria-hidden />
      </IconButton>
    }
  >
    <YouMenu before={before} />
  </Suspense>
);
