import { assemble, type Overrides } from "./assemble.ts";
import { listenByName, type NamedListening } from "./listen-by-name.ts";
import { listenOn } from "./listen-on.ts";
import { adminKeyPath, loadAdminKey } from "./load-keys.ts";
import { newBearerToken } from "./secrets/bearer-token.ts";
import type { Settings } from "./settings.ts";
import { removeSignInLink, signInLinkPath, writeSignInLink } from "./sign-in-link-file.ts";

export interface RunningServer {
  readonly url: string;
  /** Where people sign in; absent where no studio is served. */
  readonly studioUrl: string | undefined;
  /** Signs in once, at every server of the installation. Absent where several people would not know whose it is. */
  readonly signInLink: string | undefined;
  /** Puts the link into a file of its own until it is used; answers with the file's name. */
  readonly storeSignInLink: () => string | undefined;
  /** The address where mail comes in, if mail is on. */
  readonly smtpPort: number | undefined;
  /** Where the administrator's key is, when it was created here. */
  readonly adminKeyFile: string | undefined;
  readonly stop: () => Promise<void>;
}

/** `totem start`: the API, the studio and a worker in one process. */
export async function startServer(settings: Settings, overrides: Overrides = {}): Promise<RunningServer> {
  const { app, start, addresses, studioSessions, ...assembled } = await assemble(settings, overrides, () =>
    loadAdminKey(settings),
  );
  let smtpPort: number | undefined;
  let url: string;
  let byName: NamedListening;
  try {
    ({ smtpPort } = await start({ mail: true }));
    const { TOTEM_HOST: host, TOTEM_PORT: port } = settings;
    ({ url } = await listenOn(app, { host, port }));
    byName = await listenByName(app, { url });
  } catch (error) {
    await assembled.stop();
    throw error;
  }
  const stop = async () => {
    await byName.close();
    await assembled.stop();
  };
  if (settings.TOTEM_PUBLIC_URL === undefined) {
    addresses.apiBaseUrl = url;
    addresses.studioUrl = byName.studioUrl;
  }
  const ownKey = settings.TOTEM_ADMIN_KEY === undefined;
  const hasLink = settings.TOTEM_STUDIO === "on" && (await studioSessions.hasOnePersonAtMost());
  const signInLink = hasLink
    ? `${addresses.studioUrl}/#sign-in=${await studioSessions.createLink()}`
    : undefined;
  const linkFile = signInLinkPath(settings);
  if (settings.TOTEM_STUDIO === "on") removeSignInLink(linkFile);
  return {
    url,
    studioUrl: settings.TOTEM_STUDIO === "on" ? addresses.studioUrl : undefined,
    signInLink,
    storeSignInLink: () => {
      if (signInLink === undefined) return undefined;
      writeSignInLink(linkFile, signInLink);
      studioSessions.onLinkUsed(() => removeSignInLink(linkFile));
      return linkFile;
    },
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
