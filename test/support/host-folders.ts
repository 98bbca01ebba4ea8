import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folders of a machine of its own for each test file, where the packages for n8n and Flowise have their key pair. */
const folder = mkdtempSync(join(tmpdir(), "totem-host-folders-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
process.env.N8N_USER_FOLDER = folder;
process.env.SECRETKEY_PATH = join(folder, ".flowise");
