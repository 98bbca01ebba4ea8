// Copied from plugin/hosts/sign-request.ts by `npm run manifest`.
/**
 * The key pair of one machine of a host. Its private half stays inside: what is signed goes in, the signature comes out. A
 * program may keep it in a file (`openKeyPair`) or in a device of its own.
 */
export interface KeyPair {
  /** Ed25519, 32 bytes in base64url. */
  readonly publicKey: string;
  /** What a person compares with the one that Totem shows. */
  readonly fingerprint: string;
  /** The signature of a text, in base64. */
  sign(text: string): string | Promise<string>;
  /** The SHA-256 of a text, in base64. */
  digest(text: string): string | Promise<string>;
  /** A text of 16 to 64 letters and digits, another one each time. */
  nonce(): string;
}

export interface RequestToSign {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  /** The header that the request carries, with the service key in it. */
  readonly authorization: string;
  /** Exactly the text that is sent; empty for none. */
  readonly body: string;
  readonly at: Date;
}

/**
 * The headers that sign a request (RFC 9421, with the digest of RFC 9530): its method, address, body and service key, the
 * time, and a number that is used once. A copied key is worth nothing without the key pair, and a copied request nothing
 * a second time.
 */
export async function signRequest(
  pair: KeyPair,
  { method, url, authorization, body, at }: RequestToSign,
): Promise<Record<string, string>> {
  // As Totem sees it: a proxy before it may take the beginning of the path away.
  const start = Math.max(url.pathname.lastIndexOf("/api/v1/"), 0);
  const digest = `sha-256=:${await pair.digest(body)}:`;
  const parts = [
    ["@method", method],
    ["@path", url.pathname.slice(start)],
    ["@query", url.search || "?"],
    ["content-digest", digest],
    ["authorization", authorization],
  ] as const;
  const names = parts.map(([name]) => `"${name}"`).join(" ");
  const created = Math.floor(at.getTime() / 1000);
  const params = `(${names});created=${created};nonce="${pair.nonce()}";keyid="${pair.publicKey}";alg="ed25519"`;
  const lines = [...parts.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${params}`];
  return {
    "content-digest": digest,
    "signature-input": `totem=${params}`,
    signature: `totem=:${await pair.sign(lines.join("\n"))}:`,
  };
}
