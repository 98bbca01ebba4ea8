import type { IncomingMessage } from "node:http";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { ProxyParts } from "./proxy-parts.ts";

/** A program, and what it showed: it counts as long as that does. */
export interface Program {
  readonly caller: AgentUserCaller;
  readonly shown: Shown;
}

interface Shown {
  readonly username: string;
  readonly credential: string;
  readonly ip: string;
}

/** Who a program acts for, by its Proxy-Authorization header. All refusals are alike. */
export async function identify(parts: ProxyParts, { headers, socket }: IncomingMessage): Promise<Program> {
  const [, encoded = ""] = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(headers["proxy-authorization"] ?? "") ?? [];
  const [username = "", credential = ""] = Buffer.from(encoded, "base64").toString().split(/:(.*)/s, 2);
  return identifyAgain(parts, { username, credential, ip: socket.remoteAddress ?? "" });
}

/** Before each request: a credential that was revoked opens nothing more, also on a connection that is open. */
export async function identifyAgain({ credentials }: ProxyParts, shown: Shown): Promise<Program> {
  const caller = shown.credential === "" ? undefined : await credentials.authenticate(shown);
  if (!caller) throw new PluginError("PROXY_CREDENTIAL_NEEDED");
  return { caller, shown };
}
