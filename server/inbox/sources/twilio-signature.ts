import { createHash, createHmac } from "node:crypto";
import { timingSafeEqual } from "../../secrets/timing-safe-equal.ts";

export interface SignedByTwilio {
  readonly token: Uint8Array;
  readonly signature: string;
  /** The whole address that was called, with its query. */
  readonly url: string;
  readonly isForm: boolean;
  readonly body: Buffer;
}

/**
 * Whether Twilio signed this request (https://www.twilio.com/docs/usage/security): HMAC-SHA1 over the address and
 * the sorted fields of a form. Of any other body the address carries a hash, and a body that nothing covers is
 * nobody's.
 */
export function isSignedByTwilio({ token, signature, url, isForm, body }: SignedByTwilio): boolean {
  const sent = bodyHashIn(url);
  if (sent === undefined && !isForm) return false;
  const bodyFits =
    sent === undefined ||
    timingSafeEqual(sent.toLowerCase(), createHash("sha256").update(body).digest("hex"));
  const fields = sent === undefined ? joinFields(body) : "";
  // Twilio leaves the port out in some requests and not in others; its own libraries try both.
  const signs = withAndWithoutPort(url).map((each) =>
    timingSafeEqual(
      signature,
      createHmac("sha1", token)
        .update(each + fields)
        .digest("base64"),
    ),
  );
  return signs.includes(true) && bodyFits;
}

const bodyHashIn = (url: string): string | undefined =>
  new URLSearchParams(url.split("?").slice(1).join("?")).get("bodySHA256") ?? undefined;

/** Names in the order of their characters; a name that is there twice has its different values sorted. */
function joinFields(body: Buffer): string {
  const fields = new URLSearchParams(body.toString("utf8"));
  return [...new Set(fields.keys())]
    .sort()
    .flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value))
    .join("");
}

const withAndWithoutPort = (url: string): readonly string[] => {
  const [, scheme = "", host = "", port, rest = ""] =
    /^(https?:\/\/)([^/?]*?)(?::(\d+))?([/?].*)?$/.exec(url) ?? [];
  if (host === "") return [url];
  const standard = scheme === "https://" ? "443" : "80";
  return [`${scheme}${host}:${port ?? standard}${rest}`, `${scheme}${host}${rest}`];
};
