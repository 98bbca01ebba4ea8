import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchAtProvider } from "../../../server/egress/fetch-at-provider.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";

let server: Server;
let home: string;
let answer: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = { method: "GET", headers: {} };

describe("a request to a provider", () => {
  it("sends a form as a form, and answers what came", async () => {
    answer = async (request, response) => {
      let body = "";
      for await (const part of request) body += String(part);
      response.writeHead(201, { "x-type": request.headers["content-type"] ?? "" }).end(body);
    };
    const body = new URLSearchParams({ code: "a&b" });
    const response = await fetchAtProvider({ home }, `${home}/token`, { method: "POST", headers: {}, body });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-type")).toBe("application/x-www-form-urlencoded");
    expect(await response.text()).toBe("code=a%26b");
  });

  it("follows no redirect", async () => {
    answer = (_request, response) => response.writeHead(302, { location: "https://a.example" }).end();
    expect((await fetchAtProvider({ home }, home, get)).status).toBe(302);
  });

  it("takes no answer that is slow, begun or not, and none that is large", async () => {
    answer = () => undefined;
    expect(await refusalOf(fetchAtProvider({ home, milliseconds: 50 }, home, get))).toBe("UPSTREAM_FAILED");
    answer = (_request, response) => void response.writeHead(200).write("{");
    expect(await refusalOf(fetchAtProvider({ home, milliseconds: 50 }, home, get))).toBe("UPSTREAM_FAILED");
    answer = (_request, response) => void response.writeHead(200).end("x".repeat(256 * 1024 + 1));
    expect(await refusalOf(fetchAtProvider({ home }, home, get))).toBe("UPSTREAM_FAILED");
  });

  it.each([
    // A name of this machine that is not the provider's own origin.
    "https://localhost:1",
    "https://10.0.0.1",
    "https://169.254.169.254",
    "https://[::1]",
    "https://[fe80::1]",
    "https://[::ffff:127.0.0.1]",
    "https://2130706433",
    "http://93.184.216.34",
    "https://user:password@93.184.216.34",
    "ftp://93.184.216.34",
  ])("goes to no %s that a document of the provider names", async (url) => {
    expect(await refusalOf(fetchAtProvider({ home: "https://provider.example" }, url, get))).toBe(
      "ADDRESS_REFUSED",
    );
  });

  it("goes to no link-local address, also where it is the provider's own", async () => {
    for (const url of ["https://169.254.169.254", "https://[fe80::1]", "https://[::ffff:169.254.169.254]"])
      expect(await refusalOf(fetchAtProvider({ home: url }, url, get))).toBe("ADDRESS_REFUSED");
  });
});
