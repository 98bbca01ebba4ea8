import { type RefObject, useEffect } from "react";
import { useStore } from "zustand";
import { askedField } from "./asked-field.ts";

const controls = "input, textarea, select, button:not(.button--quiet)";

/** Gives the focus to the setting that a problem led to. */
export function useAskedField(form: RefObject<HTMLElement | null>, nodeId: string): void {
  const asked = useStore(askedField, (state) => state.asked);
  useEffect(() => {
    if (asked?.nodeId !== nodeId) return;
    askedField.setState({ asked: undefined });
    const field = form.current?.querySelector(`[data-config-field="${CSS.escape(asked.field)}"]`);
    const control = field?.querySelector<HTMLElement>(controls);
    control?.focus();
    control?.scrollIntoView({ block: "nearest" });
  }, [asked, form, nodeId]);
}
