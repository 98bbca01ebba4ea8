import { z } from "zod";
import { localModelServerWords, type OutboundPurpose, outboundPurposes } from "../plugin/outbound.ts";
import { PluginError } from "../plugin/plugin-error.ts";

/** A setting that is a secret: it prints as `[secret]` everywhere, and leaves only by being opened. */
class SecretSetting {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  open(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  /** What `console.log` shows; named without `node:util`, as settings import nothing of Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

const secret = z.string().transform((value) => new SecretSetting(value));
const flag = z.enum(["on", "off"]);
const url = z
  .url({ protocol: /^https?$/ })
  .refine(
    (value) => !URL.canParse(value) || !`${new URL(value).username}${new URL(value).password}`,
    "Must not contain a user name or a password",
  )
  .transform((value) => value.replace(/\/+$/, ""));

const list = (value: string): string[] =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const urls = z.string().default("").transform(list).pipe(z.array(url));

/** "model http://ollama:11434": the word says what may reach it, and is left out for everything that its own list allows. */
const privateUrl = z
  .string()
  .regex(
    new RegExp(
      `^((${outboundPurposes.join("|")})\\s+)?[a-z][a-z0-9+.-]*://[^/?#@\\\\\\s]+(/[^?#@\\\\\\s]*)?$`,
      "i",
    ),
    "Must be addresses such as http://host:8000, each after a word for what may reach it, without user names",
  )
  .refine((value) => URL.canParse(value.replace(/^\S+\s+/, "")), "Must be addresses such as http://host:8000")
  .transform((value) => {
    const [url = "", purpose] = value.split(/\s+/).reverse();
    return { purpose: purpose as OutboundPurpose | undefined, url: url.replace(/\/+$/, "") };
  });
const privateUrls = z
  .string()
  .transform((value) => (value === "none" ? [] : list(value)))
  .pipe(z.array(privateUrl))
  .optional();

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const authservId = z.string().regex(hostName, "Must be the name a mail server signs its results with");

/** "10.0.0.5, mx.example": where they connect from, and what they call themselves. Both are needed. */
const trustedHops = z
  .string()
  .default("")
  .transform((value) => {
    const parts = list(value);
    const networks = parts.filter((part) => network.safeParse(part).success);
    return { networks, authservIds: parts.filter((part) => !networks.includes(part)) };
  })
  .refine(
    ({ networks, authservIds }) => (networks.length === 0) === (authservIds.length === 0),
    "Needs both: the addresses the servers connect from and the names in their Authentication-Results",
  )
  .refine(
    ({ authservIds }) => authservIds.every((id) => authservId.safeParse(id).success),
    "Must be a list of IP addresses, CIDR blocks and names of servers",
  );

const imapUrl = z
  .string()
  .refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, username, password } = new URL(value);
    return /^imaps?:$/.test(protocol) && Boolean(hostname && username && password);
  }, "Must be like imaps://user:password@host:993/INBOX, with special characters percent-encoded")
  .transform((value) => new SecretSetting(value));

/** Where the audit log is streamed to. A webhook is signed with the password of its address, so it has one. */
const auditStream = z
  .string()
  .refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, username, password, pathname, search } = new URL(value);
    if (username !== "") return false;
    if (protocol === "file:") return hostname === "" && pathname.length > 1 && `${password}${search}` === "";
    if (hostname === "") return false;
    if (/^syslog\+(tls|tcp|udp):$/.test(protocol))
      return /^\/?$/.test(pathname) && `${password}${search}` === "";
    if (/^otlp\+https?:$/.test(protocol)) return true;
    return /^https?:$/.test(protocol) && decodeOr(password, "").length >= 16;
  }, "Must be like file:///var/log/totem.jsonl, syslog+tls://host:6514, https://:secret@host/path (a secret of 16 characters or more) or otlp+https://:token@host:4318")
  .transform((value) => new SecretSetting(value));

function decodeOr(text: string, otherwise: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return otherwise;
  }
}

/** One environment variable: how it is read, and what `--help` says of it. */
interface SettingDefinition {
  readonly schema: z.ZodType;
  readonly help: string;
  readonly shownDefault?: string;
}

const definitions = {
  TOTEM_HOST: {
    schema: z.string().default("127.0.0.1"),
    help: "Address to listen on.",
    shownDefault: "127.0.0.1",
  },
  TOTEM_PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).default(4180),
    help: "Port to listen on; 0 chooses a free port.",
    shownDefault: "4180",
  },
  TOTEM_PUBLIC_URL: {
    schema: url.optional(),
    help: "Address agents and people reach this server at.",
    shownDefault: "http://<host>:<port>",
  },
  TOTEM_DATA: {
    schema: z.string().default(".totem"),
    help: "Folder of the embedded database and its keys.",
    shownDefault: ".totem",
  },
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "Must begin with postgres:// or postgresql://")
      .optional(),
    help: "PostgreSQL to use instead of the embedded database.",
  },
  TOTEM_MIGRATION_DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "Must begin with postgres:// or postgresql://")
      .optional(),
    help: "The same database with the role that owns the tables. Then DATABASE_URL's role cannot change the audit log.",
  },
  TOTEM_ADMIN_KEY: {
    schema: z.string().min(32, "Must have 32 characters or more").optional(),
    help: "Administrator's key, 32 characters or more. Without it Totem creates one in the data folder.",
  },
  TOTEM_MASTER_KEY: {
    schema: z.string().min(32, "Must have 32 characters or more").optional(),
    help: "Key that wraps all others: 32 bytes in hex or base64. With DATABASE_URL a key provider is required.",
  },
  TOTEM_MASTER_KEY_FILE: {
    schema: z.string().optional(),
    help: "File with the master key, readable by its owner only (0600).",
  },
  TOTEM_MASTER_KEY_COMMAND: {
    schema: z
      .string()
      .transform((value) => value.trim().split(/\s+/))
      .optional(),
    help: "Program, with its arguments, that wraps keys with a KMS instead: it is called with wrap or unwrap.",
  },
  TOTEM_TRANSIT_KEY: {
    schema: url
      .refine(
        (value) => /^[^?#]+\/v1\/.+\/keys\/[^/?#]+$/.test(value),
        "Must end with /v1/<mount>/keys/<name>",
      )
      .optional(),
    help: "Key of a Vault or OpenBao that wraps keys instead: https://vault.example:8200/v1/transit/keys/totem.",
  },
  TOTEM_TRANSIT_TOKEN_FILE: {
    schema: z.string().optional(),
    help: "File with the token for it, readable by its owner only (0600). It is read for every request.",
  },
  TOTEM_TRANSIT_TOKEN: {
    schema: secret.optional(),
    help: "That token, instead of its file.",
  },
  TOTEM_TOTP_WINDOW: {
    schema: z
      .enum(["0", "1"])
      .default("1")
      .transform((value) => (value === "0" ? 0 : 1)),
    help: "Steps accepted before and after now when verifying: 1, or 0 for the strict profile.",
    shownDefault: "1",
  },
  TOTEM_ALLOWED_URLS: {
    schema: urls,
    help: "Base URLs, separated by commas, that tools and message sources may call, in addition to this server.",
  },
  TOTEM_MODEL_URLS: {
    schema: urls,
    help: "Base URLs, separated by commas, of the OpenAI-compatible servers that models may name. Empty allows all public ones.",
  },
  TOTEM_PRIVATE_URLS: {
    schema: privateUrls,
    help: `Addresses on this machine or in its network that may be reached, separated by commas, each after one word for what may reach it: ${outboundPurposes.join(", ")}. Or none.`,
    shownDefault: `with the embedded database, models of this machine: ${localModelServerWords}`,
  },
  TOTEM_PROXY_PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).optional(),
    help: "Port of the proxy for agents that are programs; 0 chooses a free port. Without it, totem start opens none and totem proxy takes 4181.",
  },
  TOTEM_PROXY_HOST: {
    schema: z.string().default("127.0.0.1"),
    help: "Address the proxy listens on.",
    shownDefault: "127.0.0.1",
  },
  TOTEM_RATE_LIMIT: {
    schema: z.coerce.number().int().min(1).default(60_000),
    help: "Requests a minute that one key (or one address without a key) may make.",
    shownDefault: "60000",
  },
  TOTEM_SESSION_IDLE_HOURS: {
    schema: z.coerce.number().min(0.01).max(168).default(12),
    help: "Hours after which an unused session in the studio ends.",
    shownDefault: "12",
  },
  TOTEM_SESSION_DAYS: {
    schema: z.coerce.number().min(0.01).max(90).default(7),
    help: "Days after which every session in the studio ends.",
    shownDefault: "7",
  },
  TOTEM_FRAME_ANCESTORS: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9 :/.*'_-]*$/, "Must be a list of origins")
      .default("'none'"),
    help: "Origins that may show the studio in a frame.",
    shownDefault: "'none'",
  },
  TOTEM_INBOX_KEEP_HOURS: {
    schema: z.coerce.number().min(1).max(8_760).default(24),
    help: "Hours to store the text of messages; sender, time and a hash stay.",
    shownDefault: "24",
  },
  TOTEM_API_V0: {
    schema: flag.default("on"),
    help: "Speak /v0 (vault, messages, threads, whoami, logs): on or off.",
    shownDefault: "on",
  },
  TOTEM_API_V1: {
    schema: flag.default("on"),
    help: "Speak /v1/credentials/totp: on or off.",
    shownDefault: "on",
  },
  TOTEM_API_V2: { schema: flag.default("on"), help: "Speak /api/v2/totp: on or off.", shownDefault: "on" },
  TOTEM_MCP: {
    schema: flag.default("on"),
    help: "Speak the Model Context Protocol at /mcp: on or off.",
    shownDefault: "on",
  },
  TOTEM_URL: {
    schema: url.default("http://127.0.0.1:4180"),
    help: "Address of the running server that totem mcp speaks for.",
    shownDefault: "http://127.0.0.1:4180",
  },
  TOTEM_KEY: {
    schema: z.string().optional(),
    help: "Key, or token for an MCP address, that totem mcp sends to that server.",
  },
  TOTEM_STUDIO: { schema: flag.default("on"), help: "Serve the studio: on or off.", shownDefault: "on" },
  TOTEM_LOG_LEVEL: {
    schema: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
    help: "trace, debug, info, warn, error or silent.",
    shownDefault: "info",
  },
  TOTEM_SMTP_PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).optional(),
    help: "Port to receive mail on; 0 chooses a free port. Without it no mail comes in by SMTP.",
  },
  TOTEM_SMTP_HOST: {
    schema: z.string().default("127.0.0.1"),
    help: "Address to take mail on.",
    shownDefault: "127.0.0.1",
  },
  TOTEM_MAIL_DOMAIN: {
    schema: z
      .string()
      .regex(hostName, "Must be a domain, such as agents.example.com")
      .transform((value) => value.toLowerCase())
      .optional(),
    help: "Domain of the addresses: an agent user gets <username>@<domain>. Required with TOTEM_SMTP_PORT.",
  },
  TOTEM_SMTP_CERT: {
    schema: z.string().optional(),
    help: "File with the certificate (PEM) for STARTTLS, which is offered only with one.",
  },
  TOTEM_SMTP_KEY: { schema: z.string().optional(), help: "File with that certificate's key (PEM)." },
  TOTEM_SMTP_SIZE: {
    schema: z.coerce.number().int().min(65_536).max(104_857_600).default(26_214_400),
    help: "Bytes the largest mail may have.",
    shownDefault: "26214400",
  },
  TOTEM_SMTP_CONNECTIONS: {
    schema: z.coerce.number().int().min(1).max(10_000).default(100),
    help: "Connections that may deliver mail at the same time.",
    shownDefault: "100",
  },
  TOTEM_MAIL_TRUSTED_HOPS: {
    schema: trustedHops,
    help: "Mail servers whose Authentication-Results Totem trusts: IPs or CIDRs and the names they sign with.",
  },
  TOTEM_IMAP_URL: {
    schema: imapUrl.optional(),
    help: "Mailbox to read mail from: imaps://user:password@host:993/INBOX.",
  },
  TOTEM_IMAP_ADDRESS: {
    schema: z.email().optional(),
    help: "Recipient of mail there that names no address of ours.",
  },
  TOTEM_IMAP_MOVE_TO: {
    schema: z.string().optional(),
    help: "Folder of that mailbox for received mail. Without it the mail is marked as read.",
  },
  TOTEM_IMAP_TRUSTED_AUTHSERV_ID: {
    schema: authservId.optional(),
    help: "Name that mailbox's server signs its Authentication-Results with.",
  },
  TOTEM_AUDIT_STREAMS: {
    schema: z.string().default("").transform(list).pipe(z.array(auditStream)),
    help: "Addresses, separated by commas, to stream the audit log to: file:, syslog+tls:, https: (a webhook), otlp+https:. See docs/audit.md.",
  },
  TOTEM_POOL_SIZE: {
    schema: z.coerce.number().int().min(2).max(200).default(10),
    help: "PostgreSQL connections of one process.",
    shownDefault: "10",
  },
} as const satisfies Record<string, SettingDefinition>;

export type Settings = {
  readonly [Name in keyof typeof definitions]: z.output<(typeof definitions)[Name]["schema"]>;
};

/** Reads the environment once and checks it once. Errors name the setting and never show its value. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const read = Object.entries(definitions).map(([name, { schema }]) => {
    // `TOTEM_X=` in an env file means "not set", as everywhere else.
    const result = schema.safeParse(environment[name] || undefined);
    if (!result.success) problems.push(`${name}: ${result.error.issues[0]?.message ?? "not valid"}`);
    return [name, result.data];
  });
  if (problems.length > 0)
    throw new PluginError("SETTING_INVALID", { message: `Correct these settings. ${problems.join(". ")}.` });
  return Object.fromEntries(read) as Settings;
}

/** The table that `--help` prints. */
export function describeSettings(): string {
  return Object.entries(definitions as Record<string, SettingDefinition>)
    .map(
      ([name, { help, shownDefault }]) =>
        `  ${name.padEnd(32)}${help}${shownDefault ? ` Default: ${shownDefault}.` : ""}`,
    )
    .join("\n");
}
