import { z } from "zod";

const day = 86_400;

export const createProxyCredentialBody = z.strictObject({
  agent_user: z.string().min(1).max(300).describe("The username of the agent that the program acts for."),
  expires_in: z
    .int()
    .min(60)
    .max(365 * day)
    .default(90 * day)
    .describe("Seconds; at most a year."),
});

export const proxyCredential = z.object({
  id: z.uuid(),
  agent_user: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  last_used_at: z.iso.datetime().nullable().describe("To the minute."),
  last_used_ip: z.string().nullable(),
});
export type ProxyCredentialBody = z.infer<typeof proxyCredential>;

/** The credential itself is in this answer and in no other. */
export const createdProxyCredential = proxyCredential.extend({
  credential: z
    .string()
    .describe("The password of the proxy's address: HTTPS_PROXY=http://{agent_user}:{credential}@{proxy}."),
});
export const proxyCredentialList = z.object({ proxy_credentials: z.array(proxyCredential) });

export const proxyFacts = z.object({
  address: z
    .string()
    .nullable()
    .describe("Where the proxy of this server listens; null where it is another process or off."),
  certificate: z.string().describe("Of the authority that programs must trust: PEM."),
  fingerprint: z.string().describe("Its SHA-256."),
  expires_at: z.iso.datetime(),
});
export type ProxyFacts = z.infer<typeof proxyFacts>;
