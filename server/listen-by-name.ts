import { createServer, type Server } from "node:http";
import type { App } from "./request/app.ts";

export interface NamedListening {
  /** Where people open the studio. */
  readonly studioUrl: string;
  readonly close: () => Promise<void>;
}

/**
 * Browsers give passkeys to names, never to IP addresses, so people come to `localhost`. That name means two addresses,
 * 127.0.0.1 and ::1, and browsers try ::1 first: the link would reach whatever listens there. So this server takes the
 * port at ::1 too. Where another program has it, people come to 127.0.0.1, without passkeys; where this machine has no
 * ::1, the name means 127.0.0.1 alone. A container listens at every address: its people come by a port of their machine,
 * so they get the name too.
 */
export async function listenByName(app: App, { url }: { readonly url: string }): Promise<NamedListening> {
  const { hostname, port } = new URL(url);
  if (hostname !== "127.0.0.1") return { studioUrl: url, close: async () => {} };
  const beside = createServer((request, response) => app.routing(request, response));
  beside.keepAliveTimeout = app.server.keepAliveTimeout;
  beside.requestTimeout = app.server.requestTimeout;
  for (const answer of app.server.listeners("clientError"))
    beside.on("clientError", answer as (...args: unknown[]) => void);
  const taken = await listenAt(beside, { host: "::1", port: Number(port) });
  return {
    studioUrl: taken === "another program" ? url : `http://localhost:${port}`,
    close: taken === "this server" ? closeServer.bind(null, beside) : async () => {},
  };
}

function listenAt(
  server: Server,
  at: { readonly host: string; readonly port: number },
): Promise<"this server" | "another program" | "nothing"> {
  return new Promise((resolve) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT" ? "nothing" : "another program"),
    );
    server.listen(at, () => resolve("this server"));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
