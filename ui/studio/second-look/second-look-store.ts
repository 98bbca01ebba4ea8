import { createStore } from "zustand/vanilla";
import { setSecondLook } from "../api/second-look.ts";

/** The question that is open: whether it is really the person. */
export const secondLookStore = createStore<{ readonly answer?: (proved: boolean) => void }>(() => ({}));

setSecondLook(
  () =>
    new Promise((resolve) => {
      const answer = (proved: boolean) => {
        secondLookStore.setState({}, true);
        resolve(proved);
      };
      secondLookStore.setState({ answer });
    }),
);
