type Ask = () => Promise<boolean>;

let ask: Ask | undefined;
let asking: Promise<boolean> | undefined;

/** Who asks the person to prove that it is them. Set once, by the studio. */
export const setSecondLook = (how: Ask): void => {
  ask = how;
};

/** Whether the person proved that it is them. Requests that need it at the same time ask once. */
export function takeSecondLook(): Promise<boolean> {
  asking ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asking = undefined;
  });
  return asking;
}
