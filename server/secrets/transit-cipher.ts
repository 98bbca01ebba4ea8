import { PluginError } from "../../plugin/plugin-error.ts";
import type { RemoteCipher } from "./key-provider.ts";

export interface TransitParts {
  /** Of the key: https://vault.example:8200/v1/transit/keys/totem. */
  readonly keyUrl: string;
  /** Read for every request: an agent of the vault renews the token in its file. */
  readonly readToken: () => string;
  /** Sends JSON and answers with the status and the text. Throws where there is no answer. */
  readonly send: (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => Promise<{ readonly status: number; readonly text: string }>;
}

/** The transit engine of OpenBao or HashiCorp Vault: its key never leaves it. */
export const transitCipher = (parts: TransitParts): RemoteCipher => ({
  name: "transit",
  encrypt: async (plaintext) => {
    const { ciphertext } = await ask(parts, "encrypt", { plaintext: plaintext.toString("base64") });
    if (typeof ciphertext !== "string") throw failed("gave no ciphertext");
    return ciphertext;
  },
  decrypt: async (ciphertext) => {
    const { plaintext } = await ask(parts, "decrypt", { ciphertext });
    if (typeof plaintext !== "string") throw failed("gave no plaintext");
    return Buffer.from(plaintext, "base64");
  },
});

async function ask(
  { keyUrl, readToken, send }: TransitParts,
  verb: "encrypt" | "decrypt",
  body: object,
): Promise<{ readonly ciphertext?: unknown; readonly plaintext?: unknown }> {
  const { status, text } = await send({
    url: keyUrl.replace(/\/keys\/([^/]+)$/, `/${verb}/$1`),
    headers: { "x-vault-token": readToken(), "x-vault-request": "true", "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw failed("did not answer. Start it, unseal it, or correct its address", cause);
  });
  // The transit engine says 400 for a ciphertext of another key, and for changed bytes.
  if (status === 400 && verb === "decrypt") throw new PluginError("MASTER_KEY_WRONG");
  if (status === 403)
    throw failed("refuses the token. Give it one that may encrypt and decrypt with this key");
  if (status !== 200) throw failed(`answered with status ${status}`);
  const { data } = parseAnswer(text);
  return typeof data === "object" && data !== null ? data : {};
}

function parseAnswer(text: string): { readonly data?: unknown } {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch {
    // The text may hold a key, so no error carries it.
    throw failed("gave an answer that is no JSON");
  }
}

const failed = (what: string, cause?: unknown): PluginError =>
  new PluginError("KEY_PROVIDER_FAILED", { message: `The key of TOTEM_TRANSIT_KEY ${what}.`, cause });
