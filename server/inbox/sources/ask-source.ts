import { createHmac } from "node:crypto";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { InboxSourceError } from "../../database/tables.ts";
import type { InboxParts } from "../inbox-parts.ts";
import { receiveMessage } from "../receive.ts";
import { type DueSource, giveBack, type WaitAtSource, waitsAtSource } from "./pull-sources.ts";
import { claimSeen, seenAs, wasSeen } from "./seen.ts";
import { callerOfSource, secretContext } from "./use-source.ts";

/** Sends one request to an address of the operator's list, and to no other. Returns the answer. */
export type AskOutside = (request: {
  readonly method: string;
  readonly url: string;
  readonly content: () => Promise<{
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }>;
  readonly signal: AbortSignal;
}) => Promise<{ readonly status: number; readonly body: unknown }>;

/** A source that does not answer in this time is asked again later. */
const answerWithinMs = 10_000;
/** A code that a source repeats within this time is not new. */
const codeKeptMs = 24 * 60 * 60 * 1000;
/** The longest answer that is read, in characters: room for a whole message. */
const longestAnswer = 100_000;

interface Asked {
  readonly error: InboxSourceError | null;
  readonly content: string;
}

/** Asks one source for the code that a wait needs, and delivers its answer. */
export async function askSource(
  parts: InboxParts,
  source: DueSource,
  { ask, stopping }: { readonly ask: AskOutside; readonly stopping: AbortSignal },
): Promise<void> {
  const keys = await parts.keyRing.forWorkspace(source.workspace_id);
  const secret = keys.open(secretContext(source.id), source.sealed_secret);
  try {
    const run = onlyRun(await waitsAtSource(parts, source));
    const question = { source, secret, run };
    const { error, content } = await askOutside(parts, question, { ask, stopping });
    const delivered = content !== "" && (await deliver(parts, question, content));
    await giveBack(parts, source, { error, delivered });
  } finally {
    secret.fill(0);
  }
}

/** The run that waits, where no other does: then the answer is for this run alone. */
function onlyRun(waits: readonly WaitAtSource[]): WaitAtSource | undefined {
  const [first] = waits;
  return first?.run_id != null && waits.every(({ run_id }) => run_id === first.run_id) ? first : undefined;
}

interface Question {
  readonly source: DueSource;
  readonly secret: Uint8Array;
  readonly run: WaitAtSource | undefined;
}

async function askOutside(
  { clock }: InboxParts,
  { source, secret, run }: Question,
  { ask, stopping }: { readonly ask: AskOutside; readonly stopping: AbortSignal },
): Promise<Asked> {
  const body = {
    ...(run
      ? { task_id: run.run_id, workflow_run_id: run.run_id, workflow_permanent_id: run.workflow_id }
      : {}),
    totp_identifier: source.address,
  };
  // `ask` writes the body as JSON in this very way.
  const signature = createHmac("sha256", secret).update(JSON.stringify(body)).digest("hex");
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  try {
    const answer = await ask({
      method: "POST",
      url: source.url,
      signal: AbortSignal.any([stopping, AbortSignal.timeout(answerWithinMs)]),
      content: async () => ({
        headers: {
          "content-type": "application/json",
          "x-skyvern-signature": signature,
          "x-skyvern-timestamp": timestamp,
        },
        body,
      }),
    });
    return readAnswer(answer);
  } catch (error) {
    const refused = error instanceof PluginError && error.code === "ADDRESS_REFUSED";
    return { error: refused ? "address_refused" : "unreachable", content: "" };
  }
}

function readAnswer({ status, body }: Awaited<ReturnType<AskOutside>>): Asked {
  if (status === 204) return { error: null, content: "" };
  if (status !== 200) return { error: "refused", content: "" };
  const said =
    typeof body === "object" && body !== null
      ? (body as { readonly verification_code?: unknown }).verification_code
      : undefined;
  if (said === null || (said === undefined && typeof body === "object")) return { error: null, content: "" };
  return typeof said === "string" && said.length <= longestAnswer
    ? { error: null, content: said.trim() }
    : { error: "unreadable", content: "" };
}

async function deliver(
  parts: InboxParts,
  { source, secret, run }: Question,
  content: string,
): Promise<boolean> {
  const seen = seenAs({ sourceId: source.id, secret }, "code", content);
  if (await wasSeen(parts, [seen])) return false;
  // Read again: with another wait by now, it can no longer be said whose the code is.
  const waits = await waitsAtSource(parts, source);
  const isTheirs = run !== undefined && waits.every(({ run_id }) => run_id === run.run_id);
  const { state } = await receiveMessage(parts, callerOfSource(source), {
    address: source.address,
    channel: "api",
    from: "",
    text: content,
    source: source.name,
    ...(isTheirs && run.run_id !== null ? { runId: run.run_id } : {}),
  });
  await claimSeen(parts, seen, new Date(parts.clock.now().getTime() + codeKeptMs));
  return state === "stored";
}
