import type { Socket } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";
import { identifyAgain, type Program } from "./identify.ts";
import type { ProxyParts } from "./proxy-parts.ts";

/** The most connections of one agent at a time. */
const mostPerAgent = 100;
/** How often open connections are compared with the credentials that opened them. */
const everyMs = 5_000;

/** The programs' open connections: how many each agent has, and whether its credential still holds. */
export class OpenConnections {
  readonly #parts: ProxyParts;
  readonly #open = new Map<Socket, Program>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
  }

  /** Counts a connection once, until it closes. */
  add(program: Program, socket: Socket): void {
    // It went away while its credential was looked up, and will never say again that it closed.
    if (socket.destroyed) throw new PluginError("PROXY_REFUSED");
    const isNew = !this.#open.has(socket);
    const { agentUserId } = program.caller;
    const same = [...this.#open.values()].filter(({ caller }) => caller.agentUserId === agentUserId);
    if (isNew && same.length >= mostPerAgent)
      throw new PluginError("RATE_LIMITED", {
        message: `At most ${mostPerAgent} connections of one agent are open at a time. Close some and try again.`,
        retryAfterSeconds: 5,
      });
    this.#open.set(socket, program);
    if (isNew) socket.once("close", () => this.#open.delete(socket));
    // No connection, no timer.
    this.#timer ??= setInterval(() => void this.#endRevoked(), everyMs).unref();
  }

  endAll(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const socket of this.#open.keys()) socket.destroy();
  }

  async #endRevoked(): Promise<void> {
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const [credential, sockets] of Map.groupBy(this.#open, ([, { shown }]) => shown.credential)) {
      const [first] = sockets;
      if (!first || credential === "") continue;
      // Where the database is away nothing is known, and the next look decides.
      const isOver = await identifyAgain(this.#parts, first[1].shown).then(
        () => false,
        (error) => error instanceof PluginError && error.code === "PROXY_CREDENTIAL_NEEDED",
      );
      if (isOver) for (const [socket] of sockets) socket.destroy();
    }
  }
}
