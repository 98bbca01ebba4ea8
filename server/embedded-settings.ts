import { PluginError } from "../plugin/plugin-error.ts";
import type { Database } from "./database/open-database.ts";
import { readSettings, type Settings } from "./settings.ts";

/** What wraps every other key: 32 bytes in base64 or hex, a file that holds them, or a function that fetches them. */
export type EmbeddedMasterKey = string | { readonly file: string } | (() => string | Promise<string>);

export interface EmbeddedStore {
  /** postgres://…, or a folder for the embedded database, or a database that is open; Totem closes it. */
  readonly database: string | Database;
  readonly masterKey: EmbeddedMasterKey;
  /** The address that others reach this Totem at, if you let it listen. */
  readonly publicUrl?: string | undefined;
  /** Opens the HTTP API to an administrator: 32 characters or more. Without it nobody is one. */
  readonly adminKey?: string | undefined;
  /** More of what `totem --help` lists, by the same names, such as TOTEM_MAIL_DOMAIN. The environment is not read. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** The same settings as a server's, from a host's own code instead of the environment. */
export async function embeddedSettings(store: EmbeddedStore): Promise<Settings> {
  const { database, masterKey, publicUrl, adminKey, settings } = store;
  const address = typeof database === "string" ? database : undefined;
  if (address === "") throw new PluginError("SETTING_INVALID", { message: "database: must not be empty." });
  const isPostgres = address !== undefined && /^postgres(ql)?:\/\//.test(address);
  return readSettings({
    ...settings,
    ...(isPostgres ? { DATABASE_URL: address } : { DATABASE_URL: undefined, TOTEM_DATA: address }),
    ...(await masterKeySetting(masterKey)),
    TOTEM_PUBLIC_URL: publicUrl,
    TOTEM_ADMIN_KEY: adminKey,
    TOTEM_STUDIO: "off",
    TOTEM_LOG_LEVEL: "silent",
  });
}

/** Never without one: a key that is made in passing and lies beside the data is not what an embedding host meant. */
async function masterKeySetting(given: EmbeddedMasterKey): Promise<Record<string, string | undefined>> {
  if (typeof given === "object" && given !== null && typeof given.file === "string" && given.file !== "")
    return { TOTEM_MASTER_KEY: undefined, TOTEM_MASTER_KEY_FILE: given.file };
  const key = typeof given === "function" ? await given() : given;
  if (typeof key !== "string" || key === "")
    throw new PluginError("MASTER_KEY_MISSING", {
      message: "masterKey: give the key, its file or a function.",
    });
  return { TOTEM_MASTER_KEY: key.trim(), TOTEM_MASTER_KEY_FILE: undefined };
}
