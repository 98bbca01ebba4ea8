import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import type { AllowList, Purpose } from "./allow-list.ts";
import { checkedLookup, type ResolveName } from "./checked-lookup.ts";
import { addressRefused, judgeUrl } from "./judge-address.ts";

export interface Connections {
  /** Connections that only this purpose uses: a kept one was judged for it. */
  of(purpose: Purpose): Agent;
  close(): Promise<void>;
}

interface ConnectionParts {
  readonly allowList: AllowList;
  readonly resolve: ResolveName;
}

export function createConnections(parts: ConnectionParts): Connections {
  const agents = new Map<Purpose, Agent>();
  return {
    of(purpose) {
      const known = agents.get(purpose);
      if (known) return known;
      const agent = new Agent({ connect: connectorFor(parts, purpose) });
      agents.set(purpose, agent);
      return agent;
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
    },
  };
}

/** Judges what it is told to connect to, and not what an earlier step says that it judged. */
function connectorFor({ allowList, resolve }: ConnectionParts, purpose: Purpose): buildConnector.connector {
  return (options, callback) => {
    try {
      const { protocol, hostname, port } = options;
      const host = hostname.replace(/^\[|\]$/g, "");
      const destination = judgeUrl(`${protocol}//${isIP(host) === 6 ? `[${host}]` : host}:${port || ""}/`);
      const mayEnd = allowList.mayEnd(purpose, destination);
      const connect = buildConnector({ lookup: checkedLookup(resolve, mayEnd), timeout: 10_000 });
      connect(options, (...[error, socket]) => {
        if (error) return callback(error, null);
        // What the socket itself says, last of all.
        if (mayEnd(socket.remoteAddress ?? "")) return callback(null, socket);
        socket.destroy();
        callback(addressRefused("inside"), null);
      });
    } catch (error) {
      callback(error as Error, null);
    }
  };
}
