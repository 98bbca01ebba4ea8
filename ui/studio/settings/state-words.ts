import type { SettingState } from "../../../plugin/api/settings.ts";
import type { TagProps } from "../kit/text.tsx";

/** A state as a tag: never by its colour alone. */
export const stateTag: Readonly<Record<SettingState, Pick<TagProps, "tone" | "children">>> = {
  ok: { tone: "good", children: "Works" },
  off: { tone: "plain", children: "Off" },
  warning: { tone: "warning", children: "Look at this" },
  failed: { tone: "danger", children: "Does not work" },
};
