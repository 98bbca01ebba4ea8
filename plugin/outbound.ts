/** What a server opens connections for. The operator lists addresses for each. */
export const outboundPurposes = [
  "model",
  "tool",
  "source",
  "webhook",
  "mail",
  "sign-in",
  "issuer",
  "log",
  "proxy",
  "keys",
] as const;
export type OutboundPurpose = (typeof outboundPurposes)[number];

/** Programs that run models on a person's own machine, and the ports that they listen on. */
export const localModelServers = [
  { name: "Ollama", port: 11434 },
  { name: "LM Studio", port: 1234 },
  { name: "vLLM", port: 8000 },
] as const;

/** Their names and ports, for people: "Ollama (11434), LM Studio (1234) and vLLM (8000)". */
export const localModelServerWords = localModelServers
  .map(({ name, port }) => `${name} (${port})`)
  .join(", ")
  .replace(/, (?=[^,]*$)/, " and ");
