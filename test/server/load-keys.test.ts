import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adminKeyPath, loadAdminKey, loadMasterKey } from "../../server/load-keys.ts";
import { readSettings } from "../../server/settings.ts";
import { random } from "../support/seeded-random.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const bytesOf = (key: ReturnType<typeof loadMasterKey>): string =>
  key.useBytes((bytes) => Buffer.from(bytes).toString("hex"));
const codeOf = (act: () => unknown): { code?: string; message: string } => {
  try {
    act();
  } catch (error) {
    return error as { code?: string; message: string };
  }
  throw new Error("Expected a refusal.");
};
const text = random.bytes(32).toString("base64");

describe("the master key", () => {
  it("is made once, for the embedded database only, in a file of mode 0600", () => {
    const folder = join(temporaryFolder(), "deep", "er");
    const settings = readSettings({ TOTEM_DATA: folder });
    const first = bytesOf(loadMasterKey(settings, true));
    expect(bytesOf(loadMasterKey(settings, false))).toBe(first);
    expect(statSync(join(folder, "master.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["master.key"]);
  });

  it("comes from the environment before a file, and from a file before the folder", () => {
    const folder = temporaryFolder();
    const file = join(folder, "key");
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    const other = random.bytes(32);
    const fromFile = readSettings({ TOTEM_DATA: folder, TOTEM_MASTER_KEY_FILE: file });
    expect(bytesOf(loadMasterKey(fromFile, true))).toBe(Buffer.from(text, "base64").toString("hex"));
    expect(bytesOf(loadMasterKey({ ...fromFile, TOTEM_MASTER_KEY: other.toString("hex") }, true))).toBe(
      other.toString("hex"),
    );
    expect(readdirSync(folder)).toEqual(["key"]);
  });

  it.each([0o644, 0o640, 0o604, 0o620, 0o666])(
    "is refused from a file of mode %o that others can use",
    (mode) => {
      const file = join(temporaryFolder(), "key");
      writeFileSync(file, text);
      chmodSync(file, mode);
      const refusal = codeOf(() => loadMasterKey(readSettings({ TOTEM_MASTER_KEY_FILE: file }), true));
      expect(refusal).toMatchObject({ code: "SETTING_INVALID", message: expect.stringContaining("0600") });
      expect(refusal.message).not.toContain(text);
    },
  );

  it("E6: is never made up beside a database that has one", () => {
    const folder = temporaryFolder();
    const refusal = codeOf(() => loadMasterKey(readSettings({ TOTEM_DATA: folder }), false));
    expect(refusal).toMatchObject({
      code: "MASTER_KEY_MISSING",
      message: expect.stringContaining("master.key"),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("E6: is never made up for a PostgreSQL, not even a new one", () => {
    const folder = join(temporaryFolder(), "data");
    const settings = readSettings({ TOTEM_DATA: folder, DATABASE_URL: "postgres://x" });
    expect(codeOf(() => loadMasterKey(settings, true)).code).toBe("MASTER_KEY_MISSING");
    expect(existsSync(folder)).toBe(false);
  });

  it("E6: a file that is missing, empty or a folder is an error, never another key", () => {
    const folder = temporaryFolder();
    const empty = join(folder, "empty");
    writeFileSync(empty, "", { mode: 0o600 });
    const directory = join(folder, "directory");
    mkdirSync(directory, { mode: 0o700 });
    for (const file of [join(folder, "absent"), empty, directory]) {
      const settings = readSettings({ TOTEM_DATA: folder, TOTEM_MASTER_KEY_FILE: file });
      expect(codeOf(() => loadMasterKey(settings, true)).code).toBe("SETTING_INVALID");
    }
  });
});

describe("the administrator's key", () => {
  it("is the given one, and nothing is written", () => {
    const folder = join(temporaryFolder(), "data");
    expect(loadAdminKey(readSettings({ TOTEM_DATA: folder, TOTEM_ADMIN_KEY: text }))).toBe(text);
    expect(existsSync(folder)).toBe(false);
  });

  it("is made once, with 256 random bits, in a file of mode 0600", () => {
    const settings = readSettings({ TOTEM_DATA: join(temporaryFolder(), "data") });
    const key = loadAdminKey(settings);
    expect(key).toMatch(/^totem_key_[A-Za-z0-9_-]{43}$/);
    expect(loadAdminKey(settings)).toBe(key);
    expect(statSync(adminKeyPath(settings)).mode & 0o777).toBe(0o600);
  });

  it("is refused when others can read its file, or when it is too short to be one", () => {
    const settings = readSettings({ TOTEM_DATA: temporaryFolder() });
    loadAdminKey(settings);
    chmodSync(adminKeyPath(settings), 0o644);
    expect(codeOf(() => loadAdminKey(settings)).code).toBe("SETTING_INVALID");
    chmodSync(adminKeyPath(settings), 0o600);
    // An empty file would make the empty key the administrator's.
    for (const content of ["", "\n", "short"]) {
      writeFileSync(adminKeyPath(settings), content);
      expect(codeOf(() => loadAdminKey(settings)).code).toBe("SETTING_INVALID");
    }
  });
});
