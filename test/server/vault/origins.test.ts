import { describe, expect, it } from "vitest";
import { originsIn, readOrigins } from "../../../server/vault/origins.ts";

const problemOf = (origins: string[]): unknown => {
  try {
    return readOrigins(origins);
  } catch (error) {
    return error;
  }
};

describe("the public suffix list", () => {
  it.each([
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.vercel.app",
    "https://*.pages.dev",
    "https://*.s3.amazonaws.com",
    "https://*.kawasaki.jp",
    "https://*.xn--55qx5d.cn",
    "https://*.CO.UK",
    "https://*.co.uk:8443",
    "https://com",
    "https://co.uk",
    "https://github.io",
  ])("refuses %s, where strangers have sites, and names the field", (origin) => {
    expect(problemOf(["https://github.com", origin])).toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("public suffix"),
      fields: [{ field: "origins.1" }],
    });
  });

  it.each([
    "https://*.example.co.uk",
    "https://octocat.github.io",
    "https://*.octocat.github.io",
    "https://github.com",
    "https://*.github.com",
    "https://*.corp.internal",
    "https://intranet",
    "https://192.168.1.2",
    "http://localhost:3000",
    "https://[2001:db8::1]",
  ])("lets %s be", (origin) => {
    expect(readOrigins([origin])).toEqual([origin]);
  });

  it("refuses what a schema before it would have refused", () => {
    expect(problemOf(["http://github.com"])).toMatchObject({ fields: [{ field: "origins.0" }] });
    expect(problemOf(Array.from({ length: 21 }, (_, index) => `https://h${index}.example`))).toMatchObject({
      code: "INPUT_INVALID",
    });
  });
});

describe("addresses in a credential's data", () => {
  it.each([
    [{ url: "https://github.com/login" }, ["https://github.com"]],
    [
      { uris: ["https://a.example/x", "https://a.example/y", "b.example"] },
      ["https://a.example", "https://b.example"],
    ],
    [
      { uris: [{ uri: "https://a.example", match: null }, { url: "https://b.example" }] },
      ["https://a.example", "https://b.example"],
    ],
    [
      { website: "github.com", login_url: "https://id.example", loginURL: "https://id2.example" },
      ["https://github.com", "https://id.example", "https://id2.example"],
    ],
    [{ base_url: "https://api.example/v1", apiKey: "k" }, ["https://api.example"]],
    [{ url: "androidapp://com.example" }, []],
    [{ url: "https://co.uk/" }, []],
    [{ url: "http://10.0.0.1:8080/" }, []],
    [{ url: 7, uris: [null, 1, { uri: 2 }], website: {} }, []],
    [{ notes: "https://evil.example", password: "https://evil.example" }, []],
    [{}, []],
  ])("%j belongs to %j", (data, origins) => {
    expect(originsIn(data)).toEqual(origins);
  });

  it("are at most as many as an entry may have", () => {
    expect(
      originsIn({ uris: Array.from({ length: 50 }, (_, index) => `https://h${index}.example`) }),
    ).toHaveLength(20);
  });
});
