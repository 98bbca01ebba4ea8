import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { assertChannel, type Database } from "./database.ts";

export interface PostgresListenerOptions {
  readonly connectionString: string;
  readonly connectTimeoutMs: number;
  readonly onError: (error: unknown) => void;
  /** How long the connection may be silent before it is tried. */
  readonly probeMs?: number;
}

export interface PostgresListener extends Pick<Database, "listen" | "onReconnect" | "close"> {}

interface Subscription {
  readonly onPayload: (payload: string) => void;
}

/**
 * One connection that listens to all channels of this process. The first connection must succeed. After a later loss it
 * connects again and calls back, so that readers read what they missed.
 */
export function createPostgresListener(options: PostgresListenerOptions): PostgresListener {
  const { connectionString, connectTimeoutMs, onError, probeMs = 10_000 } = options;
  const channels = new Map<string, Set<Subscription>>();
  const reconnectCallbacks = new Set<() => void>();
  const closing = new AbortController();
  let connection: Promise<Client> | undefined;
  let opening: Client | undefined;
  let live: Client | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let probe: NodeJS.Timeout | undefined;

  async function connect(): Promise<Client> {
    const client = new Client({
      connectionString,
      application_name: "totem-listen",
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
      keepAlive: true,
    });
    client.on("error", (error) => lose(client, error));
    client.on("end", () => lose(client, new Error("The listening connection ended.")));
    client.on("notification", ({ channel, payload = "" }) => {
      for (const { onPayload } of channels.get(channel) ?? []) guard(() => onPayload(payload));
    });
    opening = client;
    try {
      await client.connect();
      for (const channel of channels.keys()) await say(client, `listen ${channel}`);
      closing.signal.throwIfAborted();
    } catch (error) {
      void client.end().catch(onError);
      throw error;
    } finally {
      opening = undefined;
    }
    live = client;
    scheduleProbe(client);
    return client;
  }

  async function reconnect(): Promise<Client> {
    for (let backOffMs = 100; ; backOffMs = Math.min(backOffMs * 2, 5_000)) {
      await wait(backOffMs, undefined, { signal: closing.signal });
      try {
        const client = await connect();
        for (const callback of reconnectCallbacks) guard(callback);
        return client;
      } catch (error) {
        closing.signal.throwIfAborted();
        onError(error);
      }
    }
  }

  function lose(client: Client, error: unknown): void {
    if (client !== live || closing.signal.aborted) return;
    live = undefined;
    clearTimeout(probe);
    void client.end().catch(onError);
    onError(error);
    connection = reconnect();
    connection.catch(() => {}); // It rejects only when closing, perhaps without a caller that waits for it.
  }

  // A half-dead connection sends nothing, and a quiet channel looks the same.
  function scheduleProbe(client: Client): void {
    probe = setTimeout(() => {
      say(client, "select 1").then(
        () => client === live && scheduleProbe(client),
        (error) => lose(client, error),
      );
    }, probeMs);
  }

  /** One statement at a time: pg refuses a second one while the first runs. */
  function say(client: Client, statement: string): Promise<unknown> {
    const answer = turn.then(() => client.query(statement));
    turn = answer.catch(() => {});
    return answer;
  }

  function current(): Promise<Client> {
    closing.signal.throwIfAborted();
    connection ??= connect().catch((error) => {
      connection = undefined;
      throw error;
    });
    return connection;
  }

  async function subscribe(channel: string): Promise<void> {
    for (;;) {
      const client = await current();
      try {
        await say(client, `listen ${channel}`);
        return;
      } catch (error) {
        lose(client, error); // The next connection listens to every channel, this one included.
      }
    }
  }

  async function unsubscribe(channel: string, subscription: Subscription): Promise<void> {
    const subscriptions = channels.get(channel);
    if (!subscriptions?.delete(subscription) || subscriptions.size > 0) return;
    channels.delete(channel);
    if (live) await say(live, `unlisten ${channel}`).catch(onError);
  }

  function guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      onError(error);
    }
  }

  return {
    listen: async (channel, onPayload) => {
      assertChannel(channel);
      const subscription = { onPayload };
      const subscriptions = channels.get(channel) ?? new Set();
      channels.set(channel, subscriptions.add(subscription));
      try {
        await subscribe(channel);
      } catch (error) {
        await unsubscribe(channel, subscription);
        throw error;
      }
      return () => unsubscribe(channel, subscription);
    },
    onReconnect: (callback) => {
      reconnectCallbacks.add(callback);
      return () => void reconnectCallbacks.delete(callback);
    },
    close: async () => {
      closing.abort(new Error("The database is closed."));
      clearTimeout(probe);
      await Promise.all([opening?.end(), live?.end()]);
    },
  };
}
