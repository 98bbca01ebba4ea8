import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { PluginError } from "../plugin/plugin-error.ts";
import { createEgress } from "./egress/egress.ts";
import { egressLists, type ListSettings } from "./egress-lists.ts";
import { createLogger } from "./logger.ts";
import { commandCipher } from "./secrets/command-cipher.ts";
import { type KeyProvider, localKeys, remoteKeys } from "./secrets/key-provider.ts";
import { type MasterKey, parseMasterKey } from "./secrets/key-ring.ts";
import { transitCipher } from "./secrets/transit-cipher.ts";
import type { Settings } from "./settings.ts";

type KeySettings = Pick<
  Settings,
  "DATABASE_URL" | "TOTEM_DATA" | "TOTEM_MASTER_KEY" | "TOTEM_MASTER_KEY_FILE" | "TOTEM_ADMIN_KEY"
>;

type ProviderSettings = KeySettings &
  ListSettings &
  Pick<
    Settings,
    "TOTEM_LOG_LEVEL" | "TOTEM_TRANSIT_TOKEN" | "TOTEM_TRANSIT_TOKEN_FILE" | "TOTEM_MASTER_KEY_COMMAND"
  >;

/** What wraps the data keys of this installation. Only one is set: which of two is right, only a person knows. */
export function loadKeyProvider(settings: ProviderSettings, isNewDatabase: boolean): KeyProvider {
  const { TOTEM_TRANSIT_KEY: transit, TOTEM_MASTER_KEY_COMMAND: command } = settings;
  const isLocal = settings.TOTEM_MASTER_KEY !== undefined || settings.TOTEM_MASTER_KEY_FILE !== undefined;
  if ([isLocal, transit !== undefined, command !== undefined].filter(Boolean).length > 1)
    throw new PluginError("SETTING_INVALID", {
      message:
        "Several key providers are set. Keep one: the master key (or its file), TOTEM_TRANSIT_KEY or TOTEM_MASTER_KEY_COMMAND.",
    });
  if (transit !== undefined) return transitKeys(settings, transit);
  if (command !== undefined)
    return remoteKeys(commandCipher({ words: command, environment: withoutOurSettings(process.env) }));
  return localKeys(loadMasterKey(settings, isNewDatabase));
}

function transitKeys(settings: ProviderSettings, keyUrl: string): KeyProvider {
  const { TOTEM_TRANSIT_TOKEN: token, TOTEM_TRANSIT_TOKEN_FILE: file } = settings;
  if (token === undefined && file === undefined)
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_TRANSIT_KEY needs a token: set TOTEM_TRANSIT_TOKEN_FILE or TOTEM_TRANSIT_TOKEN.",
    });
  const log = createLogger(settings.TOTEM_LOG_LEVEL);
  const fetchAtEngine = createEgress({ lists: egressLists(settings), log }).fetchFor("keys", {
    milliseconds: 5_000,
  });
  return remoteKeys(
    transitCipher({
      keyUrl,
      readToken: () => (file === undefined ? (token?.open() ?? "") : readPrivateFile(file).trim()),
      send: async ({ url, headers, body }) => {
        const answer = await fetchAtEngine(url, { method: "POST", headers, body });
        return { status: answer.status, text: await answer.text() };
      },
    }),
  );
}

/** A program of the operator needs the credentials of its cloud, and none of ours. */
const withoutOurSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(TOTEM_|DATABASE_URL$)/.test(name)));

/**
 * The master key from the environment, from a file, or, for the embedded database only, from a file created
 * at the first start. There is no start without one: no secret is ever stored readable.
 */
export function loadMasterKey(settings: KeySettings, isNewDatabase: boolean): MasterKey {
  if (settings.TOTEM_MASTER_KEY !== undefined) return parseMasterKey(settings.TOTEM_MASTER_KEY);
  if (settings.TOTEM_MASTER_KEY_FILE !== undefined)
    return parseMasterKey(readPrivateFile(settings.TOTEM_MASTER_KEY_FILE));
  if (settings.DATABASE_URL !== undefined) throw new PluginError("MASTER_KEY_MISSING");
  const path = join(settings.TOTEM_DATA, "master.key");
  const existing = findPrivateFile(path);
  if (existing !== undefined) return parseMasterKey(existing);
  // A database without its key must not get a new one: everything in it would be lost behind an innocent start.
  if (!isNewDatabase) {
    throw new PluginError("MASTER_KEY_MISSING", {
      message:
        "The data folder has a database but no master.key. Put the file back, or set TOTEM_MASTER_KEY.",
    });
  }
  return parseMasterKey(makePrivateFile(path, randomBytes(32).toString("base64")));
}

/** The administrator's key: given, or created once and stored beside the database. */
export function loadAdminKey(settings: KeySettings): string {
  if (settings.TOTEM_ADMIN_KEY !== undefined) return settings.TOTEM_ADMIN_KEY;
  const path = adminKeyPath(settings);
  const key = (
    findPrivateFile(path) ?? makePrivateFile(path, `totem_key_${randomBytes(32).toString("base64url")}`)
  ).trim();
  // An emptied file would otherwise make the empty key the administrator's.
  if (key.length < 32)
    throw new PluginError("SETTING_INVALID", {
      message: "The administrator's key is shorter than 32 characters.",
    });
  return key;
}

export const adminKeyPath = ({ TOTEM_DATA }: Pick<Settings, "TOTEM_DATA">): string =>
  join(TOTEM_DATA, "admin.key");

function findPrivateFile(path: string): string | undefined {
  try {
    return readPrivateFile(path);
  } catch (error) {
    if (error instanceof PluginError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
      return undefined;
    throw error;
  }
}

/** Reads a key file, unless others on this machine can read it too. */
function readPrivateFile(path: string): string {
  try {
    // Windows has no such bits; there the folder's permissions protect the file.
    if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
      throw new PluginError("SETTING_INVALID", {
        message: "A key file can be read by others. Make it 0600.",
      });
    }
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    throw new PluginError("SETTING_INVALID", { message: "A key file cannot be read.", cause });
  }
}

/**
 * On disk before it is used: a key that a power cut takes back would take the database with it. The file gets
 * its name when it is whole: a start that is killed while it writes leaves no half key for the next one.
 */
function makePrivateFile(path: string, content: string): string {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  const file = openSync(draft, "wx", 0o600);
  try {
    chmodSync(draft, 0o600);
    writeSync(file, `${content}\n`);
    fsyncSync(file);
    // Unlike a rename, a link never replaces a key that another process created meanwhile.
    linkSync(draft, path);
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  flushFolder(join(path, ".."));
  return content;
}

function flushFolder(folder: string): void {
  if (process.platform === "win32") return; // Windows cannot open a folder, and flushes names by itself.
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
