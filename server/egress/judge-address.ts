import { isIP } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";

/** Where something goes, after its address was judged. */
export interface Destination {
  readonly protocol: string;
  /** A name or a literal address, as a browser would read it, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port: what lists compare and what the log shows. */
  readonly origin: string;
  readonly path: string;
  /** Absent where no HTTP is spoken. */
  readonly url?: URL;
}

const sentences = {
  address: "Give a whole http:// or https:// address.",
  user_info: "Leave the user name and the password out of the address.",
  path: "Write the path plainly: no dots that climb, no encoded dots or slashes, no backslashes, and only UTF-8.",
  fragment: "Leave out the # and what follows it: it is never sent.",
  port: "That port belongs to another protocol. Ask the operator to list the address with its port.",
  https: "That address must begin with https://.",
  redirect: "The other server redirects. Give the address that it leads to.",
  allowed_urls:
    "That address is not on the allow-list. Ask the operator to add it to the setting TOTEM_ALLOWED_URLS.",
  model_urls:
    "That address is not on the allow-list of models. Ask the operator to add it to the setting TOTEM_MODEL_URLS.",
  inside:
    "That address is on this machine or inside its network. Ask the operator to add it to the setting TOTEM_PRIVATE_URLS.",
} as const;

export type RefusalReason = keyof typeof sentences;

/** A refusal that says what to do, and does not repeat the address. */
export const addressRefused = (reason: RefusalReason) =>
  new PluginError("ADDRESS_REFUSED", { message: sentences[reason], details: { reason } });

const longest = 8_192;

/**
 * Reads an address the way a client will, and refuses what two programs could read as two addresses. It is judged as
 * it is written and again as it is parsed: a host in any spelling ends as a name or a plain number.
 */
export function judgeUrl(text: string): Destination {
  // A URL parser drops tabs and line breaks, and turns backslashes into slashes.
  if (text.length > longest || hasControl.test(text) || text !== text.trim() || !URL.canParse(text))
    throw addressRefused("address");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw addressRefused("address");
  const [, authority, path = ""] = /^[a-z]+:\/\/([^/?#\\]*)([^?#]*)/i.exec(text) ?? [];
  if (authority === undefined) throw addressRefused("address");
  if (authority.includes("@") || url.username !== "" || url.password !== "")
    throw addressRefused("user_info");
  if (text.includes("#")) throw addressRefused("fragment");
  judgePath(path);
  judgePath(url.pathname);
  const host = bareHost(url.hostname);
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return { protocol: url.protocol, host, port, origin: url.origin, path: url.pathname, url };
}

/** An address of another protocol, such as a mailbox. The host is read as one of HTTP is. */
export function judgeSocket(protocol: string, name: string, port: number): Destination {
  const bracketed = isIP(name) === 6 ? `[${name}]` : name;
  if (/[\s/?#@\\:]/.test(name.replace(/^\[.*\]$|^[0-9a-f:.]+$/i, "")) || !URL.canParse(`http://${bracketed}`))
    throw addressRefused("address");
  const { hostname } = new URL(`http://${bracketed}`);
  // Of HTTP the usual port is not written, so that lists name one origin in one way.
  const origin = /^https?:$/.test(protocol)
    ? new URL(`${protocol}//${hostname}:${port}`).origin
    : `${protocol}//${hostname}:${port}`;
  return { protocol, host: bareHost(hostname), port, origin, path: "/" };
}

const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are refused
const hasControl = /[\u0000-\u001f\u007f-\u009f]/;

/** Characters that some programs fold into a dot, a slash or a backslash. */
const lookAlikes =
  /[\u2024-\u2026\u2044\u2215\u2216\u29f5\u29f8\u29f9\u3002\ufe52\ufe68\uff0e\uff0f\uff3c\uff61]/;
const encodedSeparator = /%(25)*(2e|2f|5c)/i;
const climbing = /(^|\/)\.{1,2}(;[^/]*)?(\/|$)|\.\.;/;
/** More layers of encoding than this have no honest use. */
const mostLayers = 5;

/** Servers decode a path, some of them twice, before they resolve dots: so does this, until nothing changes. */
function judgePath(path: string): void {
  let text = path;
  for (let layer = 0; layer <= mostLayers; layer += 1) {
    if (climbing.test(text) || lookAlikes.test(text) || hasControl.test(text) || text.includes("\\"))
      throw addressRefused("path");
    if (encodedSeparator.test(text)) throw addressRefused("path");
    const decoded = decode(text);
    if (decoded === text) return;
    text = decoded;
  }
  throw addressRefused("path");
}

/** One layer. Overlong forms and halves of characters are no UTF-8, so they throw. A lone % is a %. */
function decode(text: string): string {
  try {
    return text.replace(/(%[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run));
  } catch {
    throw addressRefused("path");
  }
}
