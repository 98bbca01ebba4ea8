import { z } from "zod";

/** What an agent may write where a secret belongs: names, no values. */
export const namedSecretList = z.object({
  entries: z.array(
    z.object({
      entry: z.string(),
      origins: z.array(z.string()).describe("Where its secrets may be sent; empty: nowhere yet."),
      named_secrets: z.array(z.string()).describe("Such as {{vault.github.token}}."),
    }),
  ),
});
export type NamedSecretList = z.infer<typeof namedSecretList>;
