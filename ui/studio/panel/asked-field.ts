import { createStore } from "zustand/vanilla";

interface AskedField {
  readonly nodeId: string;
  readonly field: string;
}

/** The setting somebody is on the way to; the form gives it the focus as soon as it is drawn. */
export const askedField = createStore<{ readonly asked: AskedField | undefined }>(() => ({
  asked: undefined,
}));

export const askForField = (asked: AskedField): void => askedField.setState({ asked });
