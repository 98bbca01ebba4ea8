import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKeyPair } from "../../plugin/hosts/key-pair/key-pair.ts";
import { type KeyPair, signRequest } from "../../plugin/hosts/sign-request.ts";
import type { Clock } from "../../server/clock.ts";
import type { Answer, TestServer } from "./start-test-server.ts";

/** The key pair of a new machine, whose file is gone: it lives as long as the test. */
export function newKeyPair(): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), "totem-key-pair-"));
  try {
    return openKeyPair(join(folder, "totem-key-pair.pem"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface SignedSend {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Changes what is sent after it was signed. */
  readonly after?: (sent: Sent) => Partial<Sent>;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A host that signs what it sends with this key pair. */
export const signedClient =
  (server: Pick<TestServer, "send">, { key, pair, clock }: { key: string; pair: KeyPair; clock: Clock }) =>
  async ({ method = "POST", path, body, after }: SignedSend): Promise<Answer> => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const authorization = `Bearer ${key}`;
    const url = new URL(`http://any/api/v1${path}`);
    const signed = await signRequest(pair, { method, url, authorization, body: text, at: clock.now() });
    const sent: Sent = { method, path, body: text, headers: { authorization, ...signed } };
    const last = { ...sent, ...after?.(sent) };
    return server.send(
      last.method,
      `/api/v1${last.path}`,
      last.body === "" ? undefined : last.body,
      last.headers,
    );
  };

export interface Enrolled {
  readonly id: string;
  readonly fingerprint: string;
}

/** Enrols the key pair of a machine, and confirms it as an administrator. */
export async function enrolConfirmed(
  server: Pick<TestServer, "send" | "api">,
  machine: { key: string; pair: KeyPair; clock: Clock },
  installation: { host: string; host_instance: string },
): Promise<Enrolled> {
  const { pair } = machine;
  await signedClient(
    server,
    machine,
  )({
    path: "/host-key-pairs",
    body: { ...installation, public_key: pair.publicKey },
  });
  const found = await findKeyPair(server, pair.fingerprint);
  const { status } = await server.api("POST", `/host-key-pairs/${found.id}/confirm`, {
    fingerprint: pair.fingerprint,
  });
  if (status !== 204) throw new Error(`The key pair was not confirmed: ${status}`);
  return found;
}

/** A key pair as the studio lists it. */
export async function findKeyPair(server: Pick<TestServer, "api">, fingerprint: string) {
  const { installations } = (await server.api("GET", "/host-installations")).body;
  const pairs = installations.flatMap(({ key_pairs }: { key_pairs: object[] }) => key_pairs);
  return pairs.find((pair: { fingerprint: string }) => pair.fingerprint === fingerprint);
}
