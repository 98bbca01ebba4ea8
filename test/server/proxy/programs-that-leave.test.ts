import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Program } from "../../../server/proxy/identify.ts";
import { OpenConnections } from "../../../server/proxy/open-connections.ts";
import { openTunnel } from "../../../server/proxy/open-tunnel.ts";
import type { ProxyParts } from "../../../server/proxy/proxy-parts.ts";
import { testEgress } from "../../support/test-egress.ts";

const programOf = (agentUserId: string): Program =>
  ({ caller: { agentUserId }, shown: { credential: "" } }) as unknown as Program;
const ada = programOf("ada");
const bob = programOf("bob");

let outside: Server;
let port: number;
const arrived: Socket[] = [];
beforeAll(async () => {
  outside = createServer((socket) => void arrived.push(socket)).listen(0, "127.0.0.1");
  await once(outside, "listening");
  port = (outside.address() as AddressInfo).port;
});
afterAll(() => outside.close());

/** A connection that both ends know. */
async function openSocket(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await Promise.all([once(socket, "connect"), once(outside, "connection")]);
  return socket;
}
async function close(socket: Socket): Promise<void> {
  socket.destroy();
  await once(socket, "close");
}

it("an agent has 100 connections at a time, each counted once, and a closed one makes room for another", async () => {
  const open = new OpenConnections({} as ProxyParts);
  const sockets: Socket[] = [];
  while (sockets.length < 101) sockets.push(await openSocket());
  const [first, second, ...others] = sockets as [Socket, Socket, ...Socket[]];
  open.add(ada, first);
  for (const socket of others) open.add(ada, socket);
  open.add(ada, first);
  expect(() => open.add(ada, second)).toThrow("At most 100");
  // A connection that goes over to another agent is that agent's.
  open.add(bob, first);
  expect(() => open.add(ada, second)).not.toThrow();
  const more = await openSocket();
  expect(() => open.add(ada, more)).toThrow("At most 100");
  await close(second);
  expect(() => open.add(ada, more)).not.toThrow();
  await Promise.all([first, more, ...others].map(close));
  open.endAll();
});

it("where the program leaves while its host is connected, that connection is closed", async () => {
  const program = await openSocket();
  arrived.length = 0;
  const egress = testEgress({ allowedUrls: [`https://127.0.0.1:${port}`] });
  const parts = {
    egress,
    vault: { originsFor: async () => [] },
    judgeFor: () => () => close(program),
  } as unknown as ProxyParts;
  const reached = once(outside, "connection");
  const opened = openTunnel(parts, ada, {
    authority: `127.0.0.1:${port}`,
    socket: program,
    head: Buffer.alloc(0),
  });
  await expect(opened).rejects.toThrow();
  await reached;
  const [socket] = arrived as [Socket];
  socket.resume();
  if (!socket.closed) await once(socket, "close");
  await egress.close();
}, 5_000);
