import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { describeSettings, readSettings } from "../../server/settings.ts";

const canary = "canary-81d3";
const invalid: Record<string, readonly string[]> = {
  TOTEM_PORT: [canary, "-1", "65536", "1.5", "NaN"],
  TOTEM_PUBLIC_URL: [canary, `ftp://${canary}`, `javascript:${canary}`],
  DATABASE_URL: [canary, `mysql://user:${canary}@host/db`],
  TOTEM_ADMIN_KEY: [canary],
  TOTEM_MASTER_KEY: [canary],
  TOTEM_TOTP_WINDOW: [canary, "2", "-1", "01"],
  TOTEM_ALLOWED_URLS: [canary, `https://ok.example,${canary}`, `file:///${canary}`],
  TOTEM_PRIVATE_URLS: [
    canary,
    `model ${canary}`,
    `${canary} http://10.0.0.5`,
    `model http://user:${canary}@10.0.0.5`,
    `model http://10.0.0.5/?${canary}`,
    `model http://10.0.0.5/#${canary}`,
    `model http://10.0.0.5:${canary}`,
    `model http://10.0.0.5 http://${canary}`,
  ],
  TOTEM_RATE_LIMIT: [canary, "0", "-5"],
  TOTEM_FRAME_ANCESTORS: [`https://${canary}.example; script-src *`, `${canary}\nx`, `${canary}"`],
  TOTEM_STUDIO: [canary, "true"],
  TOTEM_LOG_LEVEL: [canary, "verbose"],
  TOTEM_POOL_SIZE: [canary, "1", "201"],
  TOTEM_SMTP_PORT: [canary, "-1", "65536"],
  TOTEM_MAIL_DOMAIN: [`@${canary}`, `${canary}.`, `a ${canary}`],
  TOTEM_SMTP_SIZE: [canary, "0", "1e12"],
  TOTEM_SMTP_CONNECTIONS: [canary, "0"],
  TOTEM_MAIL_TRUSTED_HOPS: [canary, "10.0.0.1", "10.0.0.0/99, mx.example", `10.0.0.1, ${canary} mx`],
  TOTEM_IMAP_URL: [canary, `https://user:${canary}@host`, `imaps://${canary}@host/INBOX`],
  TOTEM_IMAP_ADDRESS: [canary],
  TOTEM_TRANSIT_KEY: [
    canary,
    `https://vault.example/${canary}`,
    `https://${canary}@vault.example/v1/t/keys/k`,
  ],
  TOTEM_AUDIT_STREAMS: [
    canary,
    `https://${canary}.example/without-a-secret`,
    `https://:${canary}@hooks.example/too-short`,
    `https://user:${canary}-0123456789@hooks.example/`,
    `syslog+tls://:${canary}@logs.example`,
    `syslog+tls://logs.example/${canary}`,
    `file://${canary}/log.jsonl`,
    `ftp://${canary}.example/`,
  ],
  TOTEM_IMAP_TRUSTED_AUTHSERV_ID: [`${canary}; dkim=pass`],
};
const faults = Object.entries(invalid).flatMap(([name, values]) =>
  values.map((value) => [name, value] as const),
);

describe("settings", () => {
  it.each(faults)(
    "%s is refused by name when it is not valid, and its value is not shown (%#)",
    (name, value) => {
      const read = () => readSettings({ [name]: value });
      expect(read).toThrow(expect.objectContaining({ code: "SETTING_INVALID" }));
      expect(read).toThrow(name);
      expect(read).not.toThrow(canary);
    },
  );

  it("take addresses inside, each after a word for what may reach it, after none for all, and none at all", () => {
    const read = (value: string) => readSettings({ TOTEM_PRIVATE_URLS: value }).TOTEM_PRIVATE_URLS;
    expect(
      read(
        "model  http://ollama:11434/v1/, sign-in https://login.internal,https://[fd00::5]:8443, mail imaps://mail.internal, log syslog+tls://logs:6514",
      ),
    ).toEqual([
      { purpose: "model", url: "http://ollama:11434/v1" },
      { purpose: "sign-in", url: "https://login.internal" },
      { purpose: undefined, url: "https://[fd00::5]:8443" },
      { purpose: "mail", url: "imaps://mail.internal" },
      { purpose: "log", url: "syslog+tls://logs:6514" },
    ]);
    expect(read("none")).toEqual([]);
    expect(read("")).toBeUndefined();
  });

  it("names all that are wrong at once", () => {
    const read = () => readSettings({ TOTEM_PORT: "x", TOTEM_STUDIO: "x", TOTEM_POOL_SIZE: "x" });
    for (const name of ["TOTEM_PORT", "TOTEM_STUDIO", "TOTEM_POOL_SIZE"]) expect(read).toThrow(name);
  });

  it("take every kind of stream of the audit log, and print none of their secrets", () => {
    const addresses = [
      "file:///var/log/totem.jsonl",
      "syslog+tls://logs.example:6514",
      "syslog+tcp://10.0.0.1",
      "syslog+udp://[::1]:514#old",
      `https://:${canary}-0123456789@hooks.example/totem?x=1#siem`,
      `otlp+https://:${canary}@collector.example`,
    ];
    const read = readSettings({ TOTEM_AUDIT_STREAMS: addresses.join(", ") });
    expect(read.TOTEM_AUDIT_STREAMS.map((address) => address.open())).toEqual(addresses);
    expect(inspect(read, { depth: null })).not.toContain(canary);
    expect(JSON.stringify(read)).not.toContain(canary);
  });

  it("needs none of them", () => {
    expect(readSettings({})).toMatchObject({
      TOTEM_HOST: "127.0.0.1",
      TOTEM_PORT: 4180,
      TOTEM_TOTP_WINDOW: 1,
      TOTEM_FRAME_ANCESTORS: "'none'",
      TOTEM_ALLOWED_URLS: [],
    });
  });

  it("takes an empty one for one that is not set", () => {
    expect(readSettings({ TOTEM_MASTER_KEY: "", DATABASE_URL: "", TOTEM_PORT: "" })).toEqual(
      readSettings({}),
    );
  });

  it("reads lists and addresses as they are meant", () => {
    const read = readSettings({
      TOTEM_ALLOWED_URLS: " https://a.example/base/ , http://127.0.0.1:9000 ,",
      TOTEM_PUBLIC_URL: "https://totem.example///",
      TOTEM_TOTP_WINDOW: "0",
    });
    expect(read.TOTEM_ALLOWED_URLS).toEqual(["https://a.example/base", "http://127.0.0.1:9000"]);
    expect(read.TOTEM_PUBLIC_URL).toBe("https://totem.example");
    expect(read.TOTEM_TOTP_WINDOW).toBe(0);
  });

  it("reads a mailbox's address as a secret and the trusted hops as addresses and names", () => {
    const url = `imaps://me%40home.example:${canary}@imap.example/INBOX`;
    const read = readSettings({ TOTEM_IMAP_URL: url, TOTEM_MAIL_TRUSTED_HOPS: "10.0.0.0/8, mx.example,::1" });
    expect(read.TOTEM_IMAP_URL?.open()).toBe(url);
    for (const shown of [
      JSON.stringify(read),
      inspect(read, { depth: 9, showHidden: true }),
      `${read.TOTEM_IMAP_URL}`,
    ])
      expect(shown).not.toContain(canary);
    expect(read.TOTEM_MAIL_TRUSTED_HOPS).toEqual({
      networks: ["10.0.0.0/8", "::1"],
      authservIds: ["mx.example"],
    });
  });

  it("lists every one of them in --help, with no value of this process", () => {
    const help = describeSettings();
    for (const name of [...Object.keys(invalid), "TOTEM_HOST", "TOTEM_DATA", "TOTEM_MASTER_KEY_FILE"])
      expect(help).toContain(name);
    expect(help.split("\n")).toHaveLength(Object.keys(readSettings({})).length);
  });
});
