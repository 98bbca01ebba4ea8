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
  /** How many each agent has. */
  readonly #count = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
  }

  /** Counts a connection once, until it closes. A later request on it may be another agent's. */
  add(program: Program, socket: Socket): void {
    // It went away while the database was asked: its `close` has been, and would never take it off the count.
    if (socket.destroyed) throw new PluginError("PROXY_REFUSED");
    const { agentUserId } = program.caller;
    const before = this.#open.get(socket)?.caller.agentUserId;
    if (before !== agentUserId) {
      if ((this.#count.get(agentUserId) ?? 0) >= mostPerAgent)
        throw new PluginError("RATE_LIMITED", {
          message: `At most ${mostPerAgent} connections of one agent are open at a time. Close some and try again.`,
          retryAfterSeconds: 5,
        });
      if (before === undefined) socket.once("close", () => this.#remove(socket));
      else this.#change(before, -1);
      this.#change(agentUserId, 1);
    }
    this.#open.set(socket, program);
    // No connection, no timer.
    this.#timer ??= setInterval(() => void this.#endRevoked(), everyMs).unref();
  }

  #remove(socket: Socket): void {
    const program = this.#open.get(socket);
    if (program && this.#open.delete(socket)) this.#change(program.caller.agentUserId, -1);
  }

  #change(agentUserId: string, by: number): void {
    const count = (this.#count.get(agentUserId) ?? 0) + by;
    if (count > 0) this.#count.set(agentUserId, count);
    else this.#count.delete(agentUserId);
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
