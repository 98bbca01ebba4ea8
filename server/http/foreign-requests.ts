import type { FastifyRequest } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isOwnName, type OwnNames } from "../access/own-names.ts";
import { carriesKey, sessionCookie } from "./access.ts";

export interface ForeignRequestParts extends OwnNames {
  /** Whether another site may show the studio in a frame. Which one, the browser checks. */
  readonly mayBeFramed: boolean;
  /** Told of a cookie that came with a refused request. */
  readonly onRefusedCookie: (cookie: { readonly token: string; readonly ip: string }) => Promise<void>;
}

/**
 * The first thing that happens to a request: one that a page of another site had the browser send is refused before
 * anything runs, and so is one to a name that is not this server's, which is how a page with a changed name server
 * (DNS rebinding) comes here. A request with a key of its own is what a program sends: no browser adds a key by itself.
 */
export async function refuseForeign(parts: ForeignRequestParts, request: FastifyRequest): Promise<void> {
  if (carriesKey(request)) return;
  const problem = foreignIn(parts, request);
  if (problem === undefined) return;
  const token = request.server.parseCookie(request.headers.cookie ?? "")[sessionCookie];
  if (token !== undefined) await parts.onRefusedCookie({ token, ip: request.ip });
  throw new PluginError("FOREIGN_REQUEST", { message: problem });
}

/** Why a request is not one of ours, in a sentence. */
function foreignIn(parts: ForeignRequestParts, request: FastifyRequest): string | undefined {
  const { headers, routeOptions } = request;
  const host = headers.host?.toLowerCase();
  if (!routeOptions.config.access?.anyName && !isOwnName(parts, host, request.socket.localAddress))
    return "This server does not know the name in this address. To use it, set TOTEM_PUBLIC_URL.";
  if (isFromElsewhere(parts, request)) return "Another site may not send requests to this server.";
  if (headers.origin !== undefined && !isOwnOrigin(parts, headers.origin, host))
    return "Another origin may not send requests to this server. If it is this one, set TOTEM_PUBLIC_URL.";
  return undefined;
}

/** What the browser itself says of where a request comes from. Only a document may be opened from elsewhere. */
function isFromElsewhere({ mayBeFramed }: ForeignRequestParts, request: FastifyRequest): boolean {
  const { headers, method, routeOptions } = request;
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin") return false;
  const isOpened =
    routeOptions.config.access?.opened === true &&
    /^(GET|HEAD)$/.test(method) &&
    headers["sec-fetch-mode"] === "navigate";
  const shownIn = headers["sec-fetch-dest"];
  return !(isOpened && (shownIn === "document" || (mayBeFramed && shownIn === "iframe")));
}

/** An https address of ours is not the http one: on the way to that, others can write pages. */
function isOwnOrigin({ publicUrl }: OwnNames, sent: string, host: string | undefined): boolean {
  if (!URL.canParse(sent)) return false;
  const origin = new URL(sent);
  const own = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (own && origin.origin === own.origin) return true;
  if (own?.protocol === "https:" && origin.hostname === own.hostname) return false;
  return /^https?:$/.test(origin.protocol) && origin.host === withoutDefaultPort(origin, host);
}

/** URL leaves out the port that its scheme has by itself. */
const withoutDefaultPort = ({ protocol }: URL, host = ""): string =>
  host.replace(protocol === "https:" ? /:443$/ : /:80$/, "");
