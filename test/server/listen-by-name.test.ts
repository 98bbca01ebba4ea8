import { createServer } from "node:net";
import fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { listenByName } from "../../server/listen-by-name.ts";
import { listenOn } from "../../server/listen-on.ts";
import type { App } from "../../server/request/app.ts";

async function listening(host = "127.0.0.1") {
  const app = fastify({ forceCloseConnections: true });
  app.get("/", async () => "ours");
  onTestFinished(() => app.close());
  const { url } = await listenOn(app as unknown as App, { host, port: 0 });
  return { app: app as unknown as App, url };
}

it("answers at both addresses of the name localhost, and at neither after it was closed", async () => {
  const { app, url } = await listening();
  const { studioUrl, close } = await listenByName(app, { url });
  const { port } = new URL(url);
  expect(studioUrl).toBe(`http://localhost:${port}`);
  expect(await (await fetch(`http://[::1]:${port}/`)).text()).toBe("ours");
  expect(await (await fetch(studioUrl)).text()).toBe("ours");
  await close();
  await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow();
});

it("leads nobody to a name that reaches another program", async () => {
  const { app, url } = await listening();
  const other = createServer();
  await new Promise<void>((done) => other.listen({ host: "::1", port: Number(new URL(url).port) }, done));
  onTestFinished(() => void other.close());
  const { studioUrl, close } = await listenByName(app, { url });
  expect(studioUrl).toBe(url);
  await close();
});

it("leaves an address of the network as it is", async () => {
  const { app } = await listening();
  const url = "http://192.0.2.1:7000";
  expect((await listenByName(app, { url })).studioUrl).toBe(url);
});

it("leads people of a server that listens at every address to the name, where passkeys work", async () => {
  const { app, url } = await listening("0.0.0.0");
  const { studioUrl, close } = await listenByName(app, { url });
  expect(studioUrl).toBe(`http://localhost:${new URL(url).port}`);
  expect(await (await fetch(studioUrl)).text()).toBe("ours");
  await close();
});
