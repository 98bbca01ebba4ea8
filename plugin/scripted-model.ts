/** A model is scripted until another provider is chosen; the contract's default says so too. */
export const isScripted = (config: Readonly<Record<string, unknown>>): boolean =>
  (config.provider ?? "scripted") === "scripted";
