import { createStore } from "zustand/vanilla";

/** Whether the session ended while the studio was open. The studio stays behind the sign-in page. */
export const sessionStore = createStore<{ readonly lapsed: boolean }>(() => ({ lapsed: false }));

export const setLapsed = (lapsed: boolean): void => sessionStore.setState({ lapsed });
