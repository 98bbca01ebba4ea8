/** A tool that was called with nothing shows nothing. */
export const isSomething = (input: unknown): boolean =>
  input !== undefined && !(typeof input === "object" && input !== null && Object.keys(input).length === 0);
