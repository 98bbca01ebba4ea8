import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Scope } from "../../../plugin/api/scopes.ts";

interface SettingsPageParts {
  readonly title: string;
  /** Any of them is enough; without a list each person has the page. */
  readonly may?: readonly Scope[];
  readonly Page: LazyExoticComponent<ComponentType>;
}

/** The pages of the settings by their addresses, in the order of their list. */
export const settingsPages: Readonly<Record<string, SettingsPageParts>> = {
  people: {
    title: "People",
    may: ["people:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./people/PeoplePage.tsx")).PeoplePage })),
  },
  "sign-in": {
    title: "Sign-in",
    Page: lazy(async () => ({ default: (await import("./sign-in/SignInSettings.tsx")).SignInSettings })),
  },
  keys: {
    title: "Keys",
    may: ["keys:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./keys/KeysPage.tsx")).KeysPage })),
  },
  workload: {
    title: "Workload identity",
    may: ["keys:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./workload/WorkloadPage.tsx")).WorkloadPage })),
  },
  mcp: {
    title: "MCP addresses",
    may: ["keys:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./mcp/McpAddressesPage.tsx")).McpAddressesPage })),
  },
  models: {
    title: "Models",
    may: ["settings:manage"],
    Page: lazy(async () => ({ default: (await import("./models/ModelsPage.tsx")).ModelsPage })),
  },
  mail: {
    title: "Mail and webhooks",
    may: ["settings:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./mail/MailPage.tsx")).MailPage })),
  },
  about: {
    title: "About",
    may: ["settings:manage", "lists:read"],
    Page: lazy(async () => ({ default: (await import("./about/AboutPage.tsx")).AboutPage })),
  },
};
