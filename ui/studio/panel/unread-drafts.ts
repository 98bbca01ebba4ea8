import { useEffect, useId } from "react";
import { createStore } from "zustand/vanilla";

/** The fields whose text cannot be read yet, and so is not part of what is saved. */
export const unreadDrafts = createStore<{ readonly fields: ReadonlySet<string> }>(() => ({
  fields: new Set(),
}));

const change = (edit: (fields: Set<string>) => void): void => {
  const fields = new Set(unreadDrafts.getState().fields);
  edit(fields);
  unreadDrafts.setState({ fields });
};

/** Tells the save mark of a field that holds what is not saved. */
export function useUnreadDraft(unread: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!unread) return;
    change((fields) => fields.add(id));
    return () => change((fields) => fields.delete(id));
  }, [id, unread]);
}
