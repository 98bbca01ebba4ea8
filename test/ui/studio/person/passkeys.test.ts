import { describe, expect, it } from "vitest";
import { passkeyObstacle } from "../../../../ui/studio/person/passkeys.ts";

const at = (hostname: string, supported = true) =>
  passkeyObstacle({ hostname, port: "4180", protocol: "http:" }, supported);

describe("what keeps a page from passkeys", () => {
  it("is nothing at a name", () => {
    for (const name of ["localhost", "totem.example.com"]) expect(at(name)).toBeUndefined();
  });

  it("is an IP address: on this machine, the page has a name too", () => {
    for (const loopback of ["127.0.0.1", "127.1.2.3", "[::1]"])
      expect(at(loopback)?.elsewhere).toBe("http://localhost:4180");
    for (const address of ["192.0.2.7", "[2001:db8::7]"]) {
      expect(at(address)?.text).toContain("IP address");
      expect(at(address)?.elsewhere).toBeUndefined();
    }
  });

  it("is a browser or an address that allows none", () => {
    expect(at("totem.example.com", false)?.text).toContain("HTTPS");
  });
});
