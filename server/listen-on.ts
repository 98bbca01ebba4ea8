import { PluginError } from "../plugin/plugin-error.ts";
import type { App } from "./request/app.ts";

export interface Listening {
  readonly url: string;
}

/** Opens the port, and says at which address. */
export async function listenOn(
  app: App,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  await app.listen({ host, port }).catch(explainListening);
  const address = app.server.address();
  const taken = typeof address === "object" && address !== null ? address.port : port;
  return { url: `http://${hostInUrl(host)}:${taken}` };
}

/** The two common mistakes, in words that name the setting. */
function explainListening(cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "EADDRINUSE" || code === "EACCES") {
    const why = code === "EADDRINUSE" ? "another program is using this port" : "this port is reserved";
    throw new PluginError("SETTING_INVALID", { message: `TOTEM_PORT: ${why}. Choose another.`, cause });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_HOST: this machine has no such address.",
      cause,
    });
  }
  throw cause;
}

export const hostInUrl = (host: string): string =>
  host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "127.0.0.1" : host;
