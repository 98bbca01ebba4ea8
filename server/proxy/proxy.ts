import type { ProxyFacts } from "../../plugin/api/proxy.ts";
import { type ListeningProxy, listenForPrograms } from "./listen.ts";
import type { ProxyParts } from "./proxy-parts.ts";

/**
 * An HTTP proxy for agents that are programs. A program shows its credential, and writes names of secrets where secrets
 * belong. Towards origins that the agent's entries name, the proxy opens the TLS of the program with a certificate of
 * its own authority, puts the values in, and takes them out of answers. Other hosts on the operator's list it connects
 * through, unopened.
 */
export const createProxy = (parts: ProxyParts) => {
  let listening: ListeningProxy | undefined;
  return {
    async listen(where: { readonly host: string; readonly port: number }): Promise<string> {
      listening = await listenForPrograms(parts, where);
      return listening.url;
    },
    async facts(workspaceId: string): Promise<ProxyFacts> {
      const { certificate, fingerprint, expiresAt } = await parts.authorities.find(workspaceId);
      const address = listening?.url ?? null;
      return { address, certificate, fingerprint, expires_at: expiresAt.toISOString() };
    },
    close: async (): Promise<void> => listening?.close(),
  };
};

export type ForwardProxy = ReturnType<typeof createProxy>;
