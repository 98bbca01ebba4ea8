import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assemble, type Overrides } from "./assemble.ts";
import { listenByName, type NamedListening } from "./listen-by-name.ts";
import { listenOn } from "./listen-on.ts";
import { adminKeyPath, loadAdminKey } from "./load-keys.ts";
import type { ForwardProxy } from "./proxy/proxy.ts";
import { newBearerToken } from "./secrets/bearer-token.ts";
import type { Settings } from "./settings.ts";
import { removeSignInLink, signInLinkPath, writeSignInLink } from "./sign-in-link-file.ts";

export interface RunningProxy {
  readonly url: string;
  /** The file with the certificate that programs must trust. */
  readonly certificateFile: string;
}

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
  /** The proxy for programs, if it is on. */
  readonly proxy: RunningProxy | undefined;
  /** Where the administrator's key is, when it was created here. */
  readonly adminKeyFile: string | undefined;
  readonly stop: () => Promise<void>;
}

/** `totem start`: the API, the studio and a worker in one process. */
export async function startServer(settings: Settings, overrides: Overrides = {}): Promise<RunningServer> {
  const { app, start, proxy, addresses, studioSessions, system, ...assembled } = await assemble(
    settings,
    overrides,
    () => loadAdminKey(settings),
  );
  let byName: NamedListening | undefined;
  const stop = async () => {
    await byName?.close();
    await assembled.stop();
  };
  try {
    const { smtpPort } = await start({ mail: true });
    const { TOTEM_HOST: host, TOTEM_PORT: port } = settings;
    const { url } = await listenOn(app, { host, port });
    byName = await listenByName(app, { url });
    if (settings.TOTEM_PUBLIC_URL === undefined) {
      addresses.apiBaseUrl = url;
      addresses.studioUrl = byName.studioUrl;
    }
    const hasStudio = settings.TOTEM_STUDIO === "on";
    const linkFile = signInLinkPath(settings);
    if (hasStudio) removeSignInLink(linkFile);
    const signInLink =
      hasStudio && (await studioSessions.hasOnePersonAtMost())
        ? `${addresses.studioUrl}/#sign-in=${await studioSessions.createLink()}`
        : undefined;
    return {
      url,
      studioUrl: hasStudio ? addresses.studioUrl : undefined,
      signInLink,
      storeSignInLink: () => {
        if (signInLink === undefined) return undefined;
        writeSignInLink(linkFile, signInLink);
        studioSessions.onLinkUsed(() => removeSignInLink(linkFile));
        return linkFile;
      },
      smtpPort,
      proxy:
        settings.TOTEM_PROXY_PORT === undefined
          ? undefined
          : await openProxy(proxy, settings, system.defaultWorkspaceId),
      adminKeyFile: settings.TOTEM_ADMIN_KEY === undefined ? adminKeyPath(settings) : undefined,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
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

/** `totem proxy`: the proxy alone, beside the servers of a PostgreSQL. */
export async function startProxy(
  settings: Settings,
  overrides: Overrides = {},
): Promise<RunningProxy & { readonly stop: () => Promise<void> }> {
  const { proxy, system, stop } = await assemble({ ...settings, TOTEM_STUDIO: "off" }, overrides, () =>
    newBearerToken("key"),
  );
  try {
    return { ...(await openProxy(proxy, settings, system.defaultWorkspaceId)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const usualProxyPort = 4181;

async function openProxy(
  proxy: ForwardProxy,
  settings: Settings,
  workspaceId: string,
): Promise<RunningProxy> {
  const { TOTEM_PROXY_HOST: host, TOTEM_PROXY_PORT: port = usualProxyPort, TOTEM_DATA: folder } = settings;
  const { certificate } = await proxy.facts(workspaceId);
  const certificateFile = join(folder, "proxy-ca.pem");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(certificateFile, certificate);
  return { url: await proxy.listen({ host, port }), certificateFile };
}
