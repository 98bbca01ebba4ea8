import { describe, expect, it } from "vitest";
import { coversOrigin, mostOrigins, originOf, originPattern, originPatterns } from "../../plugin/origin.ts";

describe("originPattern", () => {
  it.each([
    ["https://github.com", "https://github.com"],
    ["HTTPS://GitHub.COM/", "https://github.com"],
    ["  https://github.com ", "https://github.com"],
    ["https://github.com:443", "https://github.com"],
    ["https://github.com:8443", "https://github.com:8443"],
    ["https://github.com.", "https://github.com"],
    ["https://*.Example.com:444", "https://*.example.com:444"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://ｇithub.com", "https://github.com"],
    ["https://192.168.1.2", "https://192.168.1.2"],
    ["https://0300.0250.1.2", "https://192.168.1.2"],
    ["https://[2001:DB8::0:1]:9", "https://[2001:db8::1]:9"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://127.0.0.1", "http://127.0.0.1"],
    ["http://[::1]:80", "http://[::1]"],
    ["https://intranet", "https://intranet"],
  ])("reads %s as %s", (text, normal) => {
    expect(originPattern.parse(text)).toBe(normal);
    // The normal form stays what it is.
    expect(originPattern.parse(normal)).toBe(normal);
  });

  it.each([
    ["github.com", "no path"],
    ["", "no path"],
    ["*", "no path"],
    ["https://", "no path"],
    ["https://*", "no path"],
    ["https://github.com/login", "no path"],
    ["https://github.com?a", "no path"],
    ["https://github.com#a", "no path"],
    ["https://ada@github.com", "no user name"],
    ["https://github.com:pass@evil.example", "no user name"],
    ["https://github.com\\@evil.example", "no path"],
    ["https://git\thub.com", "no path"],
    ["https://git\u200bhub.com", "no path"],
    ["https://%67ithub.com", "no path"],
    ["https://a.*.example.com", "no path"],
    ["https://*.*.example.com", "no path"],
    ["https://*example.com", "no path"],
    ["ftp://github.com", "no path"],
    ["javascript://github.com", "no path"],
    ["wss://github.com", "no path"],
    ["https://a..b", "name a host"],
    ["https://.github.com", "name a host"],
    ["https://github.com:99999", "name a host"],
    ["http://github.com", "begin with https"],
    ["http://localhost.example.com", "begin with https"],
    ["http://127.0.0.1.example.com", "begin with https"],
    ["http://192.168.1.2", "begin with https"],
    ["https://*.127.0.0.1", "no subdomains"],
    ["https://*.1", "no subdomains"],
    ["https://*.[::1]", "no subdomains"],
    ["https://*.com", "a domain of its own"],
    ["https://*.localhost", "a domain of its own"],
    [`https://${"a".repeat(300)}.com`, "at most 300"],
  ])("refuses %j and repeats nothing of it", (text, reason) => {
    const { error } = originPattern.safeParse(text);
    expect(error?.issues[0]?.message).toContain(reason);
    if (text.includes("ithub"))
      expect(error?.issues[0]?.message.replace("https://github.com", "")).not.toContain("ithub");
  });

  it("takes each origin once, and not more than an entry may have", () => {
    expect(originPatterns.parse(["https://github.com", "https://GITHUB.com/"])).toEqual([
      "https://github.com",
    ]);
    const many = Array.from({ length: mostOrigins + 1 }, (_, index) => `https://h${index}.example`);
    expect(originPatterns.safeParse(many).error?.issues[0]?.message).toBe("At most 20 origins.");
  });
});

describe("coversOrigin", () => {
  it.each([
    ["https://github.com", "https://github.com/login?next=/"],
    ["https://github.com", "https://GITHUB.com:443/"],
    ["https://github.com:8443", "https://github.com:8443/a"],
    ["https://*.example.com", "https://login.example.com"],
    ["https://*.example.com:444", "https://login.example.com:444"],
    ["https://xn--bcher-kva.example", "https://bücher.example"],
    ["https://192.168.1.2", "https://0xc0a80102/"],
    ["http://localhost:3000", "http://localhost:3000/"],
    ["https://[2001:db8::1]", "https://[2001:db8:0::1]/"],
  ])("lets a secret of %s go to %s", (pattern, address) => {
    expect(coversOrigin([pattern], new URL(address))).toBe(true);
  });

  it.each([
    ["https://github.com", "http://github.com"],
    ["https://github.com", "https://github.com:8443"],
    ["https://github.com:8443", "https://github.com"],
    ["https://github.com", "https://api.github.com"],
    ["https://github.com", "https://github.com."],
    ["https://github.com", "https://github.com.evil.example"],
    ["https://github.com", "https://evil-github.com"],
    ["https://github.com", "https://ada@github.com"],
    ["https://github.com", "https://github.com@evil.example"],
    ["https://github.com", "https://github.com:443@evil.example"],
    ["https://github.com", "https://evil.example/https://github.com"],
    ["https://github.com", "https://evil.example?https://github.com"],
    ["https://github.com", "https://evil.example#@github.com"],
    ["https://github.com", "wss://github.com"],
    ["https://github.com", "https://gіthub.com"],
    ["https://xn--bcher-kva.example", "https://bucher.example"],
    ["https://*.example.com", "https://example.com"],
    ["https://*.example.com", "https://a.b.example.com"],
    ["https://*.example.com", "https://evil-example.com"],
    ["https://*.example.com", "https://a.example.com.evil"],
    ["https://*.example.com", "https://a.example.com."],
    ["https://*.example.com", "https://a.example.com:444"],
    ["https://*.example.com", "https://a.example.org"],
    ["https://*.0.0.1", "https://127.0.0.1"],
    ["https://127.0.0.1", "https://127.0.0.2"],
    ["http://localhost:3000", "http://localhost:3001"],
    ["http://localhost:3000", "http://127.0.0.1:3000"],
    ["http://localhost:3000", "http://localhost.evil.example:3000"],
    ["*", "https://github.com"],
    ["https://*", "https://github.com"],
    ["", "https://github.com"],
  ])("lets no secret of %s go to %s", (pattern, address) => {
    expect(coversOrigin([pattern], new URL(address))).toBe(false);
  });

  it("asks for one origin of several, and for none of none", () => {
    const patterns = ["https://a.example", "https://b.example"];
    expect(coversOrigin(patterns, new URL("https://b.example/x"))).toBe(true);
    expect(coversOrigin([], new URL("https://b.example/x"))).toBe(false);
  });
});

describe("originOf", () => {
  it.each([
    ["https://github.com/login?x#y", "https://github.com"],
    ["github.com/login", "https://github.com"],
    ["github.com:8443/login", "https://github.com:8443"],
    [" HTTPS://GitHub.com ", "https://github.com"],
    ["http://localhost:3000/login", "http://localhost:3000"],
    ["http://github.com/login", "https://github.com"],
    ["http://github.com:8080/login", undefined],
    ["https://ada:pass@github.com", undefined],
    ["androidapp://com.github.android", undefined],
    ["file:///etc/passwd", undefined],
    ["*", undefined],
    ["https://*.github.com", undefined],
    ["", undefined],
  ])("takes %j as %s", (address, origin) => {
    expect(originOf(address)).toBe(origin);
  });
});
