import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "./settings.ts";

export const signInLinkPath = ({ TOTEM_DATA }: Pick<Settings, "TOTEM_DATA">): string =>
  join(TOTEM_DATA, "sign-in.link");

/** Writes the link where only the owner of the server's files can read it, in place of an older one. */
export function writeSignInLink(path: string, link: string): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    writeFileSync(draft, `${link}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A link that was used, or is of an earlier start, only misleads. */
export const removeSignInLink = (path: string): void => rmSync(path, { force: true });
