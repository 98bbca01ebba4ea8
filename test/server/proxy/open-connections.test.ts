import { once } from "node:events";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { OpenConnections } from "../../../server/proxy/open-connections.ts";

const program = {
  caller: { agentUserId: "one" },
  shown: { username: "agent_one", credential: "", ip: "127.0.0.1" },
} as unknown as Parameters<OpenConnections["add"]>[0];

it("counts the connections of an agent until they close, and none that closed while its credential was looked up", async () => {
  const open = new OpenConnections({} as ConstructorParameters<typeof OpenConnections>[0]);
  const sockets = Array.from({ length: 100 }, () => new Socket());
  for (const socket of sockets) open.add(program, socket);
  expect(() => open.add(program, new Socket())).toThrow("At most 100 connections");
  const [first] = sockets;
  if (!first) throw new Error("There is one.");
  const closed = once(first, "close");
  first.destroy();
  await closed;
  // It went away before it was counted: nothing would ever take it out again.
  expect(() => open.add(program, first)).toThrow();
  open.add(program, new Socket());
  open.endAll();
});
