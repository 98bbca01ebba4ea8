import { createHash } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";

export type StreamKind = "file" | "syslog" | "webhook" | "otlp";

/** A stream as the operator has set it. The secret is a function's own, so that no log and no error can show it. */
export interface StreamSetting {
  /** What its cursor is stored under. */
  readonly id: string;
  readonly kind: StreamKind;
  /** The name the operator gave it, or its kind and host: what people and logs see. */
  readonly name: string;
  readonly url: URL;
  /** Scheme, host and port; absent for a file. */
  readonly origin: string | undefined;
  readonly secret: () => string;
}

const kinds: Readonly<Record<string, StreamKind>> = {
  "file:": "file",
  "syslog+tls:": "syslog",
  "syslog+tcp:": "syslog",
  "syslog+udp:": "syslog",
  "https:": "webhook",
  "http:": "webhook",
  "otlp+https:": "otlp",
  "otlp+http:": "otlp",
};

/**
 * Reads addresses such as `https://:secret@hooks.example/totem#siem`. The part after `#` names the stream: with it the
 * cursor stays when the address changes. Without it, the address without its secret is the name.
 */
export function readStream(address: string): StreamSetting {
  const url = new URL(address);
  const kind = kinds[url.protocol];
  if (kind === undefined)
    throw new PluginError("SETTING_INVALID", { message: "TOTEM_AUDIT_STREAMS: no known kind." });
  const secret = decodeURIComponent(url.password);
  const name = decodeURIComponent(url.hash.slice(1));
  url.password = "";
  url.username = "";
  url.hash = "";
  const identity = name === "" ? url.href : `#${name}`;
  return {
    id: createHash("sha256").update(identity).digest("base64url").slice(0, 22),
    kind,
    name: name === "" ? shown(kind, url) : name,
    url,
    origin: originOf(url),
    secret: () => secret,
  };
}

/** A path may hold a token, so of an address on the network only the host is shown. */
const shown = (kind: StreamKind, url: URL): string =>
  kind === "file" ? decodeURIComponent(url.pathname) : `${kind} ${url.host}`;

const usualPorts: Readonly<Record<string, number>> = {
  "syslog+tls:": 6514,
  "syslog+tcp:": 601,
  "syslog+udp:": 514,
};

/** As it is asked for. The port of syslog is not known to a URL. */
function originOf({ protocol, host, hostname, port }: URL): string | undefined {
  if (protocol === "file:") return undefined;
  const usual = usualPorts[protocol];
  if (usual !== undefined) return `${protocol}//${hostname}:${port || usual}`;
  return `${protocol.replace("otlp+", "")}//${host}`;
}
