import { assemble, type Overrides } from "./assemble.ts";
import { listenOn } from "./listen-on.ts";
import { adminKeyPath, loadAdminKey } from "./load-keys.ts";
import { newBearerToken } from "./secrets/bearer-token.ts";
import type { Settings } from "./settings.ts";

export interface RunningServer {
  readonly url: string;
  /** Signs in once. Given on loopback, and where the key was created here and is not known elsewhere. */
  readonly signInLink: string | undefined;
  /** The address where mail comes in, if mail is on. */
  readonly smtpPort: number | undefined;
  /** Where the administrator's key is, when it was created here. */
  readonly adminKeyFile: string | undefined;
  readonly stop: () => Promise<void>;
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

/** `totem start`: the API, the studio and a worker in one process. */
export async function startServer(settings: Settings, overrides: Overrides = {}): Promise<RunningServer> {
  const { app, start, addresses, studioSessions, stop } = await assemble(settings, overrides, () =>
    loadAdminKey(settings),
  );
  let smtpPort: number | undefined;
  let url: string;
  try {
    ({ smtpPort } = await start({ mail: true }));
    ({ url } = await listenOn(app, { host: settings.TOTEM_HOST, port: settings.TOTEM_PORT }));
  } catch (error) {
    await stop();
    throw error;
  }
  if (settings.TOTEM_PUBLIC_URL === undefined) addresses.apiBaseUrl = url;
  const ownKey = settings.TOTEM_ADMIN_KEY === undefined;
  // A link in the log of a server on a network would be a key for every reader of the log.
  const showsLink = settings.TOTEM_STUDIO === "on" && (ownKey || isLoopback(settings.TOTEM_HOST));
  return {
    url,
    signInLink: showsLink
      ? `${addresses.apiBaseUrl}/#sign-in=${await studioSessions.createLink()}`
      : undefined,
    smtpPort,
    adminKeyFile: ownKey ? adminKeyPath(settings) : undefined,
    stop,
  };
}

/** `totem worker`: takes runs from the queue of its server's database and listens on no port. */
export async function startWorker(
  settings: Settings,
  overrides: Overrides = {},
): Promise<{ readonly stop: () => Promise<void> }> {
  // No person signs in to a worker: its API serves its own agents only, without a port.
  const { start, stop } = await assemble({ ...settings, TOTEM_STUDIO: "off" }, overrides, () =>
    newBearerToken("key"),
  );
  try {
    await start({ mail: false });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
