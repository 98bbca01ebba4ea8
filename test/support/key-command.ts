/**
 * A program of an operator that calls a key management service, as TOTEM_MASTER_KEY_COMMAND names it:
 * `node key-command.ts <file with its key> [how it fails] wrap|unwrap`. It notes what its environment holds beside the key.
 */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [keyFile = "", ...words] = process.argv.slice(2);
const verb = words.pop();
const [fault] = words;
writeFileSync(`${keyFile}.environment`, Object.keys(process.env).join("\n"));
const key = Buffer.from(readFileSync(keyFile, "utf8"), "base64");
const input = Buffer.from(readFileSync(0, "utf8").trim(), "base64");

if (fault === "talkative") process.stderr.write(`the key is ${key.toString("base64")}\n`);
if (fault === "talkative" || fault === "fails") process.exit(3);
if (fault === "endless") process.stdout.write("A".repeat(1_000_000));
if (fault === "no-base64") process.stdout.write(`error: ${key.toString("base64")}!\n`);
else process.stdout.write(`${(verb === "wrap" ? encrypt() : decrypt()).toString("base64")}\n`);

function encrypt(): Buffer {
  const nonce = createHash("sha256").update(key).update(input).digest().subarray(0, 12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(input), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, input.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(input.subarray(-16));
  return Buffer.concat([decipher.update(input.subarray(12, -16)), decipher.final()]);
}
