import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSignedByTwilio } from "../../../../server/inbox/sources/receive-sms.ts";

/** The example of https://www.twilio.com/docs/usage/security. */
const published = {
  token: Buffer.from("12345"),
  signature: "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
  url: "https://mycompany.com/myapp.php?foo=1&bar=2",
  isForm: true,
  body: Buffer.from(
    new URLSearchParams({
      CallSid: "CA1234567890ABCDE",
      Caller: "+12349013030",
      Digits: "1234",
      From: "+12349013030",
      To: "+18005551212",
    }).toString(),
  ),
};
const sign = (text: string) => createHmac("sha1", published.token).update(text).digest("base64");

describe("Twilio's signature", () => {
  it("F10: is verified as Twilio's published example has it", () => {
    expect(isSignedByTwilio(published)).toBe(true);
  });

  it.each([
    ["another token", { token: Buffer.from("12346") }],
    ["another query", { url: "https://mycompany.com/myapp.php?foo=1&bar=3" }],
    ["another host", { url: "https://mycompany.example/myapp.php?foo=1&bar=2" }],
    ["another value", { body: Buffer.from(published.body.toString().replace("1234&", "1235&")) }],
    ["a field more", { body: Buffer.from(`${published.body}&Extra=1`) }],
    ["no fields", { body: Buffer.alloc(0) }],
    ["no signature", { signature: "" }],
    ["a longer signature", { signature: `${published.signature}=` }],
    ["a body that is no form, and that nothing covers", { isForm: false }],
  ])("F10: is refused with %s", (_what, change) => {
    expect(isSignedByTwilio({ ...published, ...change })).toBe(false);
  });

  it("takes an address with and without its standard port, and no other port", () => {
    const at = (url: string) => isSignedByTwilio({ ...published, url });
    expect(at("https://mycompany.com:443/myapp.php?foo=1&bar=2")).toBe(true);
    expect(at("https://mycompany.com:8443/myapp.php?foo=1&bar=2")).toBe(true);
    expect(at("http://mycompany.com/myapp.php?foo=1&bar=2")).toBe(false);
  });

  it("joins the different values of a field that is there more than once, sorted", () => {
    const url = "https://a.example/x";
    const body = Buffer.from("M=b&M=a&M=b&A=1");
    expect(isSignedByTwilio({ ...published, url, body, signature: sign(`${url}A1MaMb`) })).toBe(true);
  });

  it("F10: covers a JSON body by the hash in the address", () => {
    const body = Buffer.from('{"From":"+15005550006","Body":"Your code is 482913"}');
    const url = `https://a.example/x?bodySHA256=${createHash("sha256").update(body).digest("hex")}`;
    const request = { ...published, isForm: false, url, body, signature: sign(url) };
    expect(isSignedByTwilio(request)).toBe(true);
    expect(isSignedByTwilio({ ...request, body: Buffer.from(`${body} `) })).toBe(false);
    expect(isSignedByTwilio({ ...request, signature: sign(`${url}x`) })).toBe(false);
  });
});
