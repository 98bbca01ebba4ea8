import { type RefObject, useEffect, useId } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { WorkflowNode } from "../../../plugin/workflow.ts";

/** One field of a node's settings, for the form. */
export interface ConfigField {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly control:
    | "text"
    | "multiline"
    | "number"
    | "switch"
    | "choice"
    | "model-key"
    | "vault-entry"
    | "script"
    | "json";
  readonly choices: readonly string[];
  readonly fallback: unknown;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The props of every control in the settings form. */
export interface ConfigControlProps {
  readonly field: ConfigField;
  readonly node: WorkflowNode;
  readonly value: unknown;
  readonly problem: string | undefined;
  readonly onChange: (value: unknown) => void;
}

interface AskedField {
  readonly nodeId: string;
  readonly field: string;
}

/** The setting to focus. The form focuses it as soon as it is drawn. */
export const askedField = createStore<{ readonly asked: AskedField | undefined }>(() => ({
  asked: undefined,
}));

export const askForField = (asked: AskedField): void => askedField.setState({ asked });

/** Not a button that only changes how the field is shown. */
const controls = "input, textarea, select, button:not([data-aside])";

/** Focuses the setting that was asked for. */
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

/** The fields whose text is not valid yet, and so is not saved. */
export const unreadDrafts = createStore<{ readonly fields: ReadonlySet<string> }>(() => ({
  fields: new Set(),
}));

const change = (edit: (fields: Set<string>) => void): void => {
  const fields = new Set(unreadDrafts.getState().fields);
  edit(fields);
  unreadDrafts.setState({ fields });
};

/** Tells the save mark about a field with unsaved text. */
export function useUnreadDraft(unread: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!unread) return;
    change((fields) => fields.add(id));
    return () => change((fields) => fields.delete(id));
  }, [id, unread]);
}
