/** @example classNames(styles.row, isOpen && styles.open, className) // "MessageList_row MessageList_open" */
export const classNames = (...names: readonly (string | false | undefined)[]): string | undefined =>
  names.filter(Boolean).join(" ") || undefined;
